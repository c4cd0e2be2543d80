import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Pool } from 'pg';
import type { Connector } from '../../config/config.ts';
import { quote, quoteTable } from './quote.ts';

/** Names the slot and the publication. */
export function slotName(connector: Connector): string {
  return `carillon_${connector.name}`;
}

/** A new slot and the moment it begins at, which can be read while `connection` is open. */
export interface NewSlot {
  readonly snapshot: string;
  /** Where it begins: `16/B374D848`. */
  readonly start: string;
  readonly connection: pg.Client;
}

/** One publication with exactly these tables, made or changed as needed. */
export async function ensurePublication(pool: Pool, name: string, tables: readonly string[]): Promise<void> {
  const { rows } = await pool.query<{ tables: string[] }>(
    `SELECT ARRAY(SELECT schemaname || '.' || tablename FROM pg_publication_tables t WHERE t.pubname = p.pubname
                  ORDER BY 1) AS tables
     FROM pg_publication p WHERE pubname = $1`,
    [name],
  );
  const wanted = [...new Set(tables)].toSorted();
  const list = wanted.map(quoteTable).join(', ');
  const there = rows[0]?.tables;
  if (there === undefined) await pool.query(`CREATE PUBLICATION ${quote(name)} FOR TABLE ${list}`);
  else if (there.join() !== wanted.join())
    await pool.query(`ALTER PUBLICATION ${quote(name)} SET TABLE ${list}`);
}

export interface SlotState {
  readonly inUse: boolean;
  /** The server has thrown away what the slot should have kept. */
  readonly lost: boolean;
  readonly database: string;
  readonly ours: boolean;
  /** Everything before it was acknowledged: `16/B374D848`. */
  readonly confirmed: string | null;
}

export async function findSlot(pool: Pool, name: string): Promise<SlotState | null> {
  const { rows } = await pool.query<SlotState>(
    `SELECT active AS "inUse", wal_status = 'lost' AS lost, database,
            database = current_database() AND plugin = 'pgoutput' AS ours, confirmed_flush_lsn AS confirmed
     FROM pg_replication_slots WHERE slot_name = $1`,
    [name],
  );
  return rows[0] ?? null;
}

export async function dropSlot(pool: Pool, name: string, signal: AbortSignal): Promise<void> {
  while ((await findSlot(pool, name))?.inUse === true) await pause(100, undefined, { signal });
  await pool.query('SELECT pg_drop_replication_slot($1)', [name]);
}

/** Waits for the transactions that are open anywhere on the server. */
export async function createSlot(url: string, name: string): Promise<NewSlot> {
  const connection = new pg.Client({
    connectionString: url,
    application_name: 'carillon connector',
    ...({ replication: 'database' } as object),
  });
  await connection.connect();
  // A broken connection shows at the next use of the snapshot.
  connection.on('error', () => undefined);
  try {
    const { rows } = await connection.query<{ snapshot_name: string; consistent_point: string }>(
      `CREATE_REPLICATION_SLOT ${quote(name)} LOGICAL pgoutput EXPORT_SNAPSHOT`,
    );
    return { snapshot: rows[0]?.snapshot_name ?? '', start: rows[0]?.consistent_point ?? '0/0', connection };
  } catch (error) {
    await connection.end().catch(() => undefined);
    throw error;
  }
}
