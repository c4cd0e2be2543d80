import { describeFailure } from '@carillon/client';
import type { Answer } from '@carillon/client';
import { DONE } from './destination.ts';
import type { Delivered } from './destination.ts';
import { TargetRefused } from './target-refused.ts';

/**
 * What an answer that will not change means for what was sent.
 *
 * @throws TargetRefused where it means that nothing will ever be taken.
 */
export function deliveredOf(answer: Answer<unknown>): Delivered {
  if (answer.ok) return DONE;
  if (answer.failure.kind === 'aborted') return { kind: 'aborted' };
  if (answer.failure.kind === 'unauthorized') throw new TargetRefused(answer.failure);
  return { kind: 'rejected', rule: describeFailure(answer.failure) };
}
