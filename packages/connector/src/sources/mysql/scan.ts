import type { Pool } from 'mysql2/promise';
import type { Connection as CoreConnection } from 'mysql2';
import type { ScannedKey } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';

const CHUNK = 10_000;

/** Runs a scan row by row: one statement, so rows of one moment, and memory for a chunk of them. */
export async function* scan(
  pool: Pool,
  { text, values }: Statement,
  signal: AbortSignal,
): AsyncGenerator<readonly ScannedKey[]> {
  const connection = await pool.getConnection();
  try {
    // Promises are of whole results; what is beneath them can give rows as they come.
    const beneath = connection.connection as unknown as CoreConnection;
    const rows: AsyncIterable<[string, string]> = beneath
      .query({ sql: text, rowsAsArray: true }, [...values])
      .stream({ highWaterMark: CHUNK });
    let chunk: ScannedKey[] = [];
    for await (const [key, hash] of rows) {
      chunk.push({ key, hash });
      if (chunk.length < CHUNK) continue;
      if (signal.aborted) return;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    // With its connection, so that a reader that stops in the middle leaves no result behind.
    connection.destroy();
  }
}
