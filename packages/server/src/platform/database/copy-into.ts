import { setImmediate as turn } from 'node:timers/promises';
import type pg from 'pg';
import { from } from 'pg-copy-streams';

/**
 * Sends `pieces` to a COPY. Each is made while the database takes the one before, and between them
 * everything else has its turn.
 */
export async function copyInto(
  client: pg.ClientBase,
  text: string,
  pieces: Iterable<Buffer>,
): Promise<number> {
  const stream = client.query(from(text));
  const ended = new Promise<number>((resolve, reject) => {
    stream.on('error', reject).on('finish', () => resolve(stream.rowCount));
  });
  let failed = false;
  ended.catch(() => (failed = true));
  try {
    for (const piece of pieces) {
      await Promise.race([ended, new Promise((taken) => stream.write(piece, taken))]);
      await turn();
    }
  } catch (error) {
    // The database waits for more: it has to hear that there is none.
    if (!failed) stream.destroy(error as Error);
    throw error;
  }
  stream.end();
  return ended;
}
