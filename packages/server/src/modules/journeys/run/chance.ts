import { SLICES, sliceOf } from '../../audience/index.ts';
import type { SplitBranch, SplitNode } from '../definition/definition.ts';

// Chance here follows from ids, never from a generator: a step that is computed again goes the same way.

/** Whether a user goes a journey without effects. A larger share keeps those of a smaller one. */
export function isHeldOut(percent: number, journeyId: string, userId: string): boolean {
  return percent > 0 && sliceOf(`hold-out ${journeyId}`, userId) < (percent * SLICES) / 100;
}

/** The branch for a run, or for a user where the same user is to go the same way each time. */
export function chooseBranch(
  node: SplitNode,
  {
    journeyId,
    runId,
    userId,
  }: { readonly journeyId: string; readonly runId: string; readonly userId: string },
): SplitBranch {
  const by = node.randomizeOnEntry ? runId : userId;
  const slice = sliceOf(`split ${journeyId} ${node.key}`, by);
  let end = 0;
  for (const branch of node.branches) {
    end += (branch.weight * SLICES) / 100;
    if (slice < end) return branch;
  }
  return lastOf(node.branches);
}

/** A part of `ms`, from 0 on, for this run at this node. */
export function spreadOver(ms: number, runId: string, node: number): number {
  return Math.floor((sliceOf(`window ${node}`, runId) / SLICES) * ms);
}

function lastOf(branches: readonly SplitBranch[]): SplitBranch {
  const last = branches.at(-1);
  if (last === undefined) throw new Error('a split has at least two branches');
  return last;
}
