import { setImmediate as turn } from 'node:timers/promises';
import type { ImportCounts } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import type { Met, Trace, WholeBatches, WriteContext } from '../identity/index.ts';
import { addBatch } from './batch-store.ts';
import { readColumns } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import { readRows } from './csv/read-rows.ts';
import type { RowBatch } from './csv/row.ts';
import { readBeginning, readPieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { advanceImport } from './import-store.ts';
import { LostImport } from './lost-import.ts';
import { RowReader } from './read-row.ts';
import type { ReadRow } from './read-row.ts';
import { addRejects } from './reject-store.ts';
import { rejectionLine, rejectionOf } from './rejection.ts';

/** Puts addresses on an app's list of those that get no mails, and takes others from it, within a transaction. */
export type ChangeSuppressions = (
  transaction: Queryable,
  appId: string,
  changes: { readonly add: readonly string[]; readonly remove: readonly string[] },
) => Promise<void>;

export interface RunSliceOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly batches: WholeBatches;
  readonly changeSuppressions: ChangeSuppressions;
  readonly leaseMs: number;
}

/** Of a batch, about. */
const ROWS = 2_000;
/** Between two turns of the event loop: whoever sends a message meanwhile does not wait for a whole batch. */
const ROWS_A_TURN = 200;

/** A batch of the file in the words of the writes. */
interface ReadBatch extends RowBatch {
  readonly n: number;
  readonly read: readonly ReadRow[];
  readonly context: WriteContext;
}

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
  const reader = new RowReader(appId, readColumns(header.columns, settings), settings);
  const place = held.position === 0 ? header : held;
  const source = { way: 'import', keyId: held.keyId } as const;
  const writer = batches.writer({ expectsNew: isFirstLoad(held.counts) });
  let n = held.batch;
  let earlier: Promise<unknown> = Promise.resolve();
  const pieces = readPieces(database, held, place.position);
  try {
    for await (const batch of readRows(pieces, { delimiter: header.delimiter, place, rows: ROWS })) {
      const context = await batches.begin(appId, source);
      const ready: ReadBatch = { ...batch, n, context, read: await readBatch(reader, batch, context) };
      n += 1;
      const before = earlier;
      const done =
        held.state === 'checking'
          ? before.then(() => check(options, held, ready, reader))
          : write(ready, before);
      // Waited for below, and may fail before.
      done.catch(() => undefined);
      earlier = done;
      await before;
      if (isTimeUp()) {
        await earlier;
        return 'more';
      }
    }
    await earlier;
    return 'whole';
  } catch (error) {
    await earlier.catch(() => undefined);
    if (error instanceof LostImport) return 'lost';
    throw error;
  }

  async function write(batch: ReadBatch, before: Promise<unknown>): Promise<void> {
    const writes = batch.read.flatMap((row) => (row.kind === 'write' ? [row.write] : []));
    if (writes.length === 0) {
      await before;
      const empty = { outcomes: [], before: [] };
      return database.transaction((transaction) =>
        finish(options, held, batch, { transaction, trace: empty, reader }),
      );
    }
    await writer.write(writes, batch.context, (transaction, trace) =>
      finish(options, held, batch, { transaction, trace, reader }),
    );
  }
}

/** So far. */
function isFirstLoad({ created, updated, unchanged }: ImportCounts): boolean {
  return created > 0 && updated + unchanged === 0;
}

async function readBatch(reader: RowReader, { rows }: RowBatch, context: WriteContext): Promise<ReadRow[]> {
  const read: ReadRow[] = [];
  for (const row of rows) {
    read.push(reader.read(row, context));
    if (read.length % ROWS_A_TURN === 0) await turn();
  }
  return read;
}

interface Finish {
  readonly transaction: Queryable;
  readonly trace: Trace;
  readonly reader: RowReader;
}

/** All that is committed with the users of a batch. */
async function finish(
  { leaseMs, changeSuppressions }: RunSliceOptions,
  held: ImportRecord,
  batch: ReadBatch,
  { transaction, trace, reader }: Finish,
): Promise<void> {
  const { n, read, context } = batch;
  const counts: Record<keyof ImportCounts, number> = {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  };
  const suppressed = new Map<string, boolean>();
  const created: string[] = [];
  let rejects = '';
  let place = 0;
  for (const row of read) {
    counts.rows += 1;
    if (row.kind === 'rejected') {
      counts.rejected += 1;
      rejects += rejectionLine(row.rejection);
      continue;
    }
    const outcome = trace.outcomes[place];
    place += 1;
    if (outcome === undefined) throw new Error('a row has no outcome');
    counts[outcome.status] += 1;
    if (outcome.status === 'rejected') {
      rejects += rejectionLine(rejectionOf(row.line, outcome.error, reader.columnOf));
      continue;
    }
    if (outcome.status === 'created') created.push(outcome.userId);
    if (row.suppression !== null) suppressed.set(row.suppression.email, row.suppression.isSuppressed);
  }
  if (rejects !== '') await addRejects(transaction, held, n, rejects);
  if (suppressed.size > 0) await changeSuppressions(transaction, held.appId, changesOf(suppressed));
  if (created.length > 0 || trace.before.length > 0) {
    await addBatch(transaction, held, { batch: n, writtenAt: context.now, created, before: trace.before });
  }
  await advance(transaction, held, batch, { counts, leaseMs });
}

/** What a batch of a dry run would do. */
async function check(
  { database, batches, leaseMs }: RunSliceOptions,
  held: ImportRecord,
  batch: ReadBatch,
  reader: RowReader,
): Promise<void> {
  const counts: Record<keyof ImportCounts, number> = {
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  };
  let rejects = '';
  const writes = batch.read.flatMap((row) => (row.kind === 'write' ? [row] : []));
  const met = await batches.meet(writes.map(({ write }) => write));
  for (const row of batch.read) if (row.kind === 'rejected') rejects += rejectionLine(row.rejection);
  for (const { n, write, comparison } of met) {
    const refusal = refusalOf({ write, comparison });
    if (refusal === null) {
      counts[RESULTS[comparison.verdict]] += 1;
      continue;
    }
    counts.rejected += 1;
    rejects += rejectionLine({
      line: writes[n]?.line ?? 0,
      column: reader.columnOf(refusal.field, ''),
      rule: refusal.rule,
    });
  }
  counts.rows = batch.read.length;
  counts.rejected += batch.read.length - writes.length;
  await database.transaction(async (transaction) => {
    if (rejects !== '') await addRejects(transaction, held, batch.n, rejects);
    await advance(transaction, held, batch, { counts, leaseMs });
  });
}

/** What the verdict of a comparison is called where nothing is written. */
export const RESULTS = { new: 'created', known: 'updated', change: 'updated', same: 'unchanged' } as const;

/** What a comparison shows that the write would be refused for; some refusals show only when it is written. */
export function refusalOf({
  write,
  comparison,
}: Pick<Met, 'write' | 'comparison'>): { readonly field: string; readonly rule: string } | null {
  const isNobody =
    comparison.touched.length === 0 && comparison.verdict !== 'same' && comparison.verdict !== 'change';
  if (!isNobody) return null;
  if (write.address !== null)
    return { field: 'user-not-found', rule: 'names a user that this app does not have' };
  return write.subscriptions.some(({ givenId }) => givenId !== null)
    ? { field: 'subscription-0', rule: 'names a subscription that this app does not have' }
    : null;
}

async function advance(
  transaction: Queryable,
  held: ImportRecord,
  { n, position, line }: ReadBatch,
  { counts, leaseMs }: { readonly counts: ImportCounts; readonly leaseMs: number },
): Promise<void> {
  const step = { batch: n, state: held.state, position, line, counts };
  if (!(await advanceImport(transaction, held, step, leaseMs))) throw new LostImport();
}

function changesOf(suppressed: ReadonlyMap<string, boolean>): { add: string[]; remove: string[] } {
  const of = (wanted: boolean) =>
    [...suppressed].flatMap(([email, isSuppressed]) => (isSuppressed === wanted ? [email] : []));
  return { add: of(true), remove: of(false) };
}
