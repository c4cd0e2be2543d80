import { setTimeout as pause } from 'node:timers/promises';
import type { ChangeBatch } from '../model/source.ts';
import type { CursorReader } from './cursor-reader.ts';

const POLL_MS = 1000;

/** Looks at each table in turn, again and again, until `signal` ends. */
export async function* pollChanges(
  readers: readonly CursorReader[],
  signal: AbortSignal,
): AsyncGenerator<ChangeBatch> {
  while (!signal.aborted) {
    for (const reader of readers) {
      for await (const { changes, cursor } of reader.poll()) {
        yield { changes, cursors: { [reader.table]: cursor }, acknowledge: () => undefined };
      }
    }
    await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
