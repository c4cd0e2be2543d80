import type { Database } from '../../platform/database/database.ts';
import type { Met, WholeBatches } from '../identity/index.ts';
import { advanceBatch, newCounts } from './advance-batch.ts';
import type { ImportRecord } from './import-record.ts';
import type { ReadBatch } from './read-batch.ts';
import type { RowReader } from './read-row.ts';
import { addRejects } from './reject-store.ts';
import { rejectionLine } from './rejection.ts';

export interface CheckOptions {
  readonly database: Database;
  readonly batches: WholeBatches;
  readonly leaseMs: number;
}

/** What a batch of a dry run would do. */
export async function checkBatch(
  { database, batches, leaseMs }: CheckOptions,
  held: ImportRecord,
  batch: ReadBatch,
  reader: RowReader,
): Promise<void> {
  const counts = newCounts();
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
    await advanceBatch(transaction, held, batch, { counts, leaseMs });
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
