import type { Case } from '../case.ts';
import type { Gap } from '../cases/gaps.ts';
import type { OperationName } from '../operations/operations.ts';

export type CaseOutcome =
  | { readonly of: Case; readonly state: 'passed' }
  | { readonly of: Case; readonly state: 'failed'; readonly reason: string }
  /** It needs an organization's key, and the run has none. */
  | { readonly of: Case; readonly state: 'not run' };

/**
 * `otherwise`, for a part that must be refused: either it is built by now and a case should show it, or
 * the server does less than it was asked and does not say so. For one that must be ignored: it is refused.
 */
export type GapOutcome =
  | { readonly of: Gap; readonly state: 'as listed' | 'not run' }
  | { readonly of: Gap; readonly state: 'otherwise'; readonly reason: string };

export interface Outcome {
  readonly cases: readonly CaseOutcome[];
  readonly gaps: readonly GapOutcome[];
  /** Operations without a case that the server answers nevertheless. */
  readonly unexpected: readonly OperationName[];
}

export function countPassed({ cases }: Outcome): number {
  return cases.filter(({ state }) => state === 'passed').length;
}

/** Cases, and parts that are not treated as listed. */
export function countFailed({ cases, gaps }: Outcome): number {
  return (
    cases.filter(({ state }) => state === 'failed').length +
    gaps.filter(({ state }) => state === 'otherwise').length
  );
}

export function countNotRun({ cases }: Outcome): number {
  return cases.filter(({ state }) => state === 'not run').length;
}
