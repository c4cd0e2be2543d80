import type { Transaction } from '../../../platform/database/database.ts';
import type { UserBefore } from '../undo/user-before-store.ts';
import type { Outcome } from './outcome.ts';

/** What a batch has left behind, for whoever writes it down in the same transaction. */
export interface Trace {
  readonly outcomes: readonly Outcome[];
  /** Users who were there before and were changed, as they were. */
  readonly before: readonly UserBefore[];
}

/** Called at the end of a batch's transaction; when it throws, nothing of the batch is written. */
export type Beside = (transaction: Transaction, trace: Trace) => Promise<void>;
