import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import type { ChangeReading } from '../../model/source.ts';
import { fullScans } from './full-scans.ts';
import { findSlot } from './slot.ts';
import type { TableShape } from './table-shape.ts';

/** What the server lets this connection do. */
export interface Capabilities {
  readonly version: number;
  readonly logical: boolean;
  readonly replication: boolean;
  readonly freeSlots: number;
  /** Bytes of log that a slot may hold back; null without a limit. */
  readonly slotLimit: number | null;
  readonly user: string;
}

export async function readCapabilities(pool: Pool): Promise<Capabilities> {
  const { rows } = await pool.query<Capabilities>(
    `SELECT current_setting('server_version_num')::int AS version,
            current_setting('wal_level') = 'logical' AS logical,
            (SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user) AS replication,
            current_setting('max_replication_slots')::int
              - (SELECT count(*)::int FROM pg_replication_slots) AS "freeSlots",
            (SELECT CASE WHEN setting::bigint < 0 THEN NULL ELSE (setting::bigint * 1024 * 1024)::float8 END
             FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS "slotLimit",
            current_user::text AS user`,
  );
  const found = rows[0];
  if (found === undefined) throw new Error('The source did not say what it can do.');
  return found;
}

/** What stands in the way of logical replication, with the remedy; null where nothing does. */
export async function obstacle(
  pool: Pool,
  slot: string,
  { logical, replication, freeSlots, user }: Capabilities,
  shapes: Iterable<TableShape>,
): Promise<{ readonly detail: string; readonly fix: string } | null> {
  if (!logical) {
    return {
      detail: 'wal_level is not logical',
      fix: 'ALTER SYSTEM SET wal_level = logical; -- and restart the server',
    };
  }
  if (!replication) {
    return { detail: `${user} may not replicate`, fix: `ALTER ROLE ${user} REPLICATION;` };
  }
  const foreign = [...shapes].find((shape) => !shape.mayPublish);
  if (foreign !== undefined) {
    return {
      detail: `${user} does not own ${foreign.name}, so cannot publish it`,
      fix: `ALTER TABLE ${foreign.name} OWNER TO ${user}; -- or grant ${user} its owner's role`,
    };
  }
  if (freeSlots < 1 && (await findSlot(pool, slot)) === null) {
    return {
      detail: 'all replication slots are taken',
      fix: 'ALTER SYSTEM SET max_replication_slots = 20; -- and restart the server',
    };
  }
  return null;
}

/** How changes will be read: what the configuration asks for, or the best that the server allows. */
export async function chooseReading(
  pool: Pool,
  connector: Connector,
  slot: string,
  capabilities: Capabilities,
  shapes: Iterable<TableShape>,
): Promise<ChangeReading> {
  const { source, users, events, messages } = connector;
  if (source.changes !== 'auto') return { mode: source.changes, why: 'the configuration asks for it' };
  // Triggers need each change; without them, looking from time to time costs less than a scan for each change.
  const onlyUsers = Object.keys(events).length + Object.keys(messages).length === 0;
  const scanned = users === null || !onlyUsers ? [] : await fullScans(pool, users).catch(() => []);
  if (scanned.length > 0) {
    return { mode: 'diff', why: `the model reads the whole of ${scanned.join(', ')} for each change` };
  }
  const inTheWay = await obstacle(pool, slot, capabilities, shapes);
  return inTheWay === null
    ? { mode: 'cdc', why: 'the server allows logical replication' }
    : { mode: 'cursor', why: inTheWay.detail };
}
