import { setImmediate as turn } from 'node:timers/promises';
import type { WriteContext } from '../identity/index.ts';
import type { RowBatch } from './csv/row.ts';
import type { ReadRow, RowReader } from './read-row.ts';

/** A batch of the file in the words of the writes. */
export interface ReadBatch extends RowBatch {
  readonly n: number;
  readonly read: readonly ReadRow[];
  readonly context: WriteContext;
}

/** Between two turns of the event loop: whoever sends a message meanwhile does not wait for a whole batch. */
const ROWS_A_TURN = 200;

export async function readBatch(
  reader: RowReader,
  { rows }: RowBatch,
  context: WriteContext,
): Promise<ReadRow[]> {
  const read: ReadRow[] = [];
  for (const row of rows) {
    read.push(reader.read(row, context));
    if (read.length % ROWS_A_TURN === 0) await turn();
  }
  return read;
}
