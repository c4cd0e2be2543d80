import type { Queryable } from '../../platform/database/database.ts';
import type { Trace } from '../identity/index.ts';
import { advanceBatch, newCounts } from './advance-batch.ts';
import { addBatch } from './batch-store.ts';
import type { ErasedMeanwhile } from './erased-meanwhile.ts';
import type { ImportRecord } from './import-record.ts';
import type { ReadBatch } from './read-batch.ts';
import type { RowReader } from './read-row.ts';
import { addRejects } from './reject-store.ts';
import { rejectionLine, rejectionOf } from './rejection.ts';

/** Puts addresses on an app's list of those that get no mails, and takes others from it, within a transaction. */
export type ChangeSuppressions = (
  transaction: Queryable,
  appId: string,
  changes: { readonly add: readonly string[]; readonly remove: readonly string[] },
) => Promise<void>;

export interface FinishOptions {
  readonly changeSuppressions: ChangeSuppressions;
  readonly leaseMs: number;
}

/** A transaction in which the users of a batch are written, and what became of them. */
export interface Written {
  readonly transaction: Queryable;
  readonly trace: Trace;
  readonly reader: RowReader;
  readonly erased: ErasedMeanwhile;
}

/** All that is committed with the users of a batch. Throws LostImport, NamesErased. */
export async function finishBatch(
  { leaseMs, changeSuppressions }: FinishOptions,
  held: ImportRecord,
  batch: ReadBatch,
  { transaction, trace, reader, erased }: Written,
): Promise<void> {
  await erased.refuse(transaction, batch.rows);
  const { n, read, context } = batch;
  const counts = newCounts();
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
  await advanceBatch(transaction, held, batch, { counts, leaseMs });
}

function changesOf(suppressed: ReadonlyMap<string, boolean>): { add: string[]; remove: string[] } {
  const of = (wanted: boolean) =>
    [...suppressed].flatMap(([email, isSuppressed]) => (isSuppressed === wanted ? [email] : []));
  return { add: of(true), remove: of(false) };
}
