import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

export interface Writing {
  readonly seconds: number;
  readonly writers: number;
  /** A transaction stays open for up to so long. */
  readonly longestMs: number;
  readonly rows: number;
}

/** Changes each row once, in transactions that stay open for a while. Gives the versions that were committed. */
export async function writeFor(
  pool: pg.Pool,
  { seconds, writers, longestMs, rows }: Writing,
): Promise<readonly string[]> {
  const committed: string[] = [];
  const end = performance.now() + seconds * 1000;
  const write = async (writer: number) => {
    const client = await pool.connect();
    try {
      for (let id = writer + 1; id <= rows && performance.now() < end; id += writers) {
        const open = Math.random() * longestMs;
        const before = Math.random() * open;
        await client.query('BEGIN');
        await pause(before);
        await client.query('UPDATE customers SET version = $2, updated_at = now() WHERE id = $1', [
          id,
          `v${id}`,
        ]);
        await pause(open - before);
        await client.query('COMMIT');
        committed.push(`v${id}`);
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return committed;
}
