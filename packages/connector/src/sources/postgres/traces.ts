import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import { qualified } from '../../model/transition.ts';
import { quote, quoteTable } from './quote.ts';
import { slotName } from './slot.ts';

/** Something of ours in the source, with the statement that takes it away. */
export interface Trace {
  readonly what: string;
  readonly statement: string;
}

/** What the connector has made in the source; with `tables` also the table of the way back. */
export async function tracesIn(pool: Pool, connector: Connector, tables: boolean): Promise<Trace[]> {
  const name = slotName(connector);
  const back = tables && connector.back !== null ? qualified(connector.back.table) : null;
  const { rows } = await pool.query<{ slot: boolean; publication: boolean; table: boolean; inUse: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1 AND database = current_database()) AS slot,
            EXISTS (SELECT FROM pg_publication WHERE pubname = $1) AS publication,
            to_regclass($2) IS NOT NULL AS table`,
    [name, back],
  );
  const found = rows[0];
  return [
    ...(found?.slot === true
      ? [{ what: `slot ${name}`, statement: `SELECT pg_drop_replication_slot('${name}')` }]
      : []),
    ...(found?.publication === true
      ? [{ what: `publication ${name}`, statement: `DROP PUBLICATION ${quote(name)}` }]
      : []),
    ...(found?.table === true && back !== null
      ? [{ what: `table ${back} with all its rows`, statement: `DROP TABLE ${quoteTable(back)}` }]
      : []),
  ];
}
