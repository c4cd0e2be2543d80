import type { ImportCounts } from '@carillon/wire';
import { WholeBatches } from '../identity/index.ts';
import { checkBatch } from './check-batch.ts';
import type { CheckOptions } from './check-batch.ts';
import { readColumns } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import { readRows } from './csv/read-rows.ts';
import { eraseFromFile } from './erase-from-file.ts';
import { ErasedMeanwhile, NamesErased } from './erased-meanwhile.ts';
import { finishBatch } from './finish-batch.ts';
import type { FinishOptions } from './finish-batch.ts';
import { readBeginning, readPieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { LostImport } from './lost-import.ts';
import { readBatch } from './read-batch.ts';
import type { ReadBatch } from './read-batch.ts';
import { RowReader } from './read-row.ts';

export type RunSliceOptions = CheckOptions & FinishOptions;

/**
 * Of a batch, about. Three batches are in memory at a time, and what outlives a collection of young objects costs most
 * of all here: with 2,000 rows the process spent a tenth more CPU on each, and held more.
 */
const ROWS = 1_000;

/** What became of a slice. */
export type SliceEnd = 'more' | 'whole' | 'lost';

/**
 * Works on an import until its file ends or `isTimeUp` says so. Each batch is one transaction: its users, its
 * rejected rows, what an undo needs, and the place in the file behind it.
 */
export async function runSlice(
  options: RunSliceOptions,
  held: ImportRecord,
  isTimeUp: () => boolean,
): Promise<SliceEnd> {
  const { database, batches } = options;
  const { appId, settings } = held;
  const header = readHeader(await readBeginning(database, held), settings.delimiter);
  const columns = readColumns(header.columns, settings);
  const reader = new RowReader(appId, columns, settings);
  const erased = new ErasedMeanwhile(held, columns.columns);
  const place = held.position === 0 ? header : held;
  const source = { way: 'import', keyId: held.keyId } as const;
  const writer = batches.writer({ expectsNew: isFirstLoad(held.counts) });
  let n = held.batch;
  let last: Promise<unknown> = Promise.resolve();
  const underWay: Promise<unknown>[] = [];
  const pieces = readPieces(database, held, place.position);
  try {
    for await (const batch of readRows(pieces, { delimiter: header.delimiter, place, rows: ROWS })) {
      const context = await batches.begin(appId, source);
      const ready: ReadBatch = { ...batch, n, context, read: await readBatch(reader, batch, context) };
      n += 1;
      // It is read while as many as may be are written.
      if (underWay.length >= WholeBatches.atOnce) await underWay.shift();
      if (isTimeUp()) return await whenAllEnd('more');
      const before = last;
      last =
        held.state === 'checking'
          ? before.then(() => checkBatch(options, held, ready, reader))
          : write(ready, before);
      // Waited for in a later round, and may fail before.
      last.catch(() => undefined);
      underWay.push(last);
    }
    return await whenAllEnd('whole');
  } catch (error) {
    await Promise.allSettled(underWay);
    if (error instanceof LostImport) return 'lost';
    if (!(error instanceof NamesErased)) throw error;
    // Not left to the erasure, which may have its next turn in minutes. It ends this hold, for whoever is next.
    await eraseFromFile(database, held, error.people);
    return 'lost';
  }

  /** In their order: what one throws is the reason of what those behind it throw. */
  async function whenAllEnd(end: SliceEnd): Promise<SliceEnd> {
    for (const one of underWay) await one;
    return end;
  }

  async function write(batch: ReadBatch, before: Promise<unknown>): Promise<void> {
    const writes = batch.read.flatMap((row) => (row.kind === 'write' ? [row.write] : []));
    if (writes.length === 0) {
      await before;
      const empty = { outcomes: [], before: [] };
      return database.transaction((transaction) =>
        finishBatch(options, held, batch, { transaction, trace: empty, reader, erased }),
      );
    }
    await writer.write(writes, batch.context, (transaction, trace) =>
      finishBatch(options, held, batch, { transaction, trace, reader, erased }),
    );
  }
}

/** So far. */
function isFirstLoad({ created, updated, unchanged }: ImportCounts): boolean {
  return created > 0 && updated + unchanged === 0;
}
