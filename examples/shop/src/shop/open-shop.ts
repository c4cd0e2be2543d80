import pg from 'pg';
import { seedCustomers, seedOrders } from './seed.ts';
import { SCHEMA } from './schema.ts';

export interface OpenedShop {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Made just now; else it was there and its data was kept. */
  readonly isNew: boolean;
}

const DATABASE = 'carillon_shop';

/**
 * The shop's own database, on the same server as the platform's but apart from it. Made and filled
 * in one transaction, so a start that was killed half-way leaves nothing half-made.
 */
export async function openShop(serverUrl: string): Promise<OpenedShop> {
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  await createDatabase(serverUrl);
  const pool = new pg.Pool({ connectionString: url.href, max: 3, application_name: 'the shop' });
  pool.on('error', () => undefined);
  const { rows } = await pool.query<{ missing: boolean }>(
    "SELECT to_regclass('public.orders') IS NULL AS missing",
  );
  const isNew = rows[0]?.missing ?? true;
  if (isNew) await fill(pool);
  return { url: url.href, pool, isNew };
}

async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function fill(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(SCHEMA);
    await client.query(
      `INSERT INTO customers (first_name, last_name, email, language, country, timezone, wants_mail)
       SELECT first_name, last_name, email, language, country, timezone, wants_mail
       FROM jsonb_to_recordset($1::jsonb) AS c (first_name text, last_name text, email text, language text,
         country text, timezone text, wants_mail boolean)`,
      [JSON.stringify(seedCustomers())],
    );
    await client.query(
      `INSERT INTO orders (customer_id, status, items, total, carrier, tracking_code, placed_at, shipped_at)
       SELECT customer_id, status, items, total, carrier, tracking_code, placed_at, shipped_at
       FROM jsonb_to_recordset($1::jsonb) AS o (customer_id int, status text, items jsonb, total numeric,
         carrier text, tracking_code text, placed_at timestamptz, shipped_at timestamptz)`,
      [JSON.stringify(seedOrders(Date.now()))],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
