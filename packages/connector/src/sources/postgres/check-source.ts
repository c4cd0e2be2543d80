import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import type { ChangeReading, Finding } from '../../model/source.ts';
import { qualified } from '../../model/transition.ts';
import { checkModel, checkTables, good } from '../check-findings.ts';
import { obstacle, readCapabilities } from './capabilities.ts';
import type { Capabilities } from './capabilities.ts';
import { describeModel } from './model-query.ts';
import { slotName } from './slot.ts';
import type { TableShape } from './table-shape.ts';

/** Looks at every precondition on the source's side. Changes nothing. */
export async function checkSource(
  pool: Pool,
  connector: Connector,
  reading: ChangeReading,
  shapes: ReadonlyMap<string, TableShape>,
): Promise<Finding[]> {
  const capabilities = await readCapabilities(pool);
  const findings: Finding[] = [
    version(capabilities),
    good('changes', `read by ${reading.mode}: ${reading.why}`),
  ];
  if (reading.mode === 'cdc') findings.push(...(await cdc(pool, connector, capabilities, shapes)));
  findings.push(...checkTables(connector, (table) => shapes.get(table) ?? null, reading.mode));
  if (reading.mode === 'cdc') {
    for (const shape of shapes.values()) findings.push(...untold(connector, shape));
  }
  findings.push(...(await checkModel(connector, (users) => describeModel(pool, users))));
  return findings;
}

function version({ version }: Capabilities): Finding {
  const detail = `PostgreSQL ${Math.floor(version / 10_000)}`;
  return version >= 150_000
    ? good('source', detail)
    : { what: 'source', state: 'refused', detail, fix: 'use PostgreSQL 15 or newer' };
}

async function cdc(
  pool: Pool,
  connector: Connector,
  capabilities: Capabilities,
  shapes: ReadonlyMap<string, TableShape>,
): Promise<Finding[]> {
  const inTheWay = await obstacle(pool, slotName(connector), capabilities, shapes.values());
  if (inTheWay !== null) return [{ what: 'replication', state: 'refused', ...inTheWay }];
  if (capabilities.slotLimit !== null) return [good('slot', 'what it may hold back is limited')];
  return [
    {
      what: 'slot',
      state: 'warning',
      detail: 'a slot that nobody reads can fill the disk of the source',
      fix: "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT pg_reload_conf();",
    },
  ];
}

/** What the stream does not tell of a table without its whole rows. */
function untold({ users }: Connector, { name, tellsBefore, key }: TableShape): Finding[] {
  const dirty = Object.entries(users?.dirtyWhen ?? {}).find(([table]) => qualified(table) === name)?.[1];
  if (dirty === undefined || tellsBefore || key.includes(dirty)) return [];
  return [
    {
      what: name,
      state: 'warning',
      detail: `deleted rows, and rows that move away from a user, do not mark that user: ${dirty} is not told then`,
      fix: `ALTER TABLE ${name} REPLICA IDENTITY FULL;`,
    },
  ];
}
