import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Bench } from '../benchmark.ts';

/** A login that may read the customers and is not told of the transactions of others. Gives its URL. */
export async function makeReader(bench: Bench, pool: pg.Pool, url: string): Promise<string> {
  const name = `bench_reader_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await pool.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  await pool.query(`GRANT SELECT ON customers TO ${name}`);
  bench.afterwards(async () => {
    await pool.query(`DROP OWNED BY ${name}`);
    await pool.query(`DROP ROLE ${name}`);
  });
  const own = new URL(url);
  own.username = name;
  own.password = password;
  return own.href;
}
