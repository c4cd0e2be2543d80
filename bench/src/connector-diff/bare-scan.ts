import pg from 'pg';

const FETCH = 2_000;

/** Seconds that it takes to read all keys and hashes through a cursor, and to do nothing with them. */
export async function bareScan(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const began = performance.now();
    await client.query('BEGIN');
    await client.query(
      `DECLARE bare NO SCROLL CURSOR FOR
       SELECT id::text, encode(int8send(hashtextextended(c::text, 0)), 'hex') FROM customers c ORDER BY id`,
    );
    for (let read = FETCH; read === FETCH;) {
      const { rows } = await client.query<unknown[]>({ text: `FETCH ${FETCH} FROM bare`, rowMode: 'array' });
      read = rows.length;
    }
    return (performance.now() - began) / 1000;
  } finally {
    await client.end();
  }
}
