import pg from 'pg';
import { eventNumber } from './post-events.ts';

const BATCH = 1000;

const TABLE = `CREATE TABLE bare_events (
  event_id uuid PRIMARY KEY, kind text NOT NULL, occurred_at timestamptz NOT NULL, external_id text, message_id uuid,
  address text, campaign jsonb, raw jsonb)`;

const INSERT = `INSERT INTO bare_events
  SELECT id, kind, at, external_id, message_id, address, campaign, raw
  FROM jsonb_to_recordset($1::jsonb) AS e (id uuid, kind text, at timestamptz, external_id text, message_id uuid,
    address text, campaign jsonb, raw jsonb) ON CONFLICT DO NOTHING`;

/** Rows a second of the thing that it is built on: the same events, inserted 1,000 at a time, and nothing else. */
export async function bareInsertRate(url: string, events: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(TABLE);
    const start = performance.now();
    for (let first = 0; first < events; first += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, events - first) }, (_, i) => {
        const event = eventNumber(first + i);
        return { ...event, raw: event };
      });
      await client.query(INSERT, [JSON.stringify(rows)]);
    }
    const rate = (events / (performance.now() - start)) * 1000;
    await client.query('DROP TABLE bare_events');
    return rate;
  } finally {
    await client.end();
  }
}

export async function makeTable(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

export async function countRows(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM message_events',
    );
    return rows[0]?.count ?? 0;
  } finally {
    await client.end();
  }
}
