import { ApiError } from '../../../platform/http/api-error.ts';
import type { Audience, Definition, SplitNode } from './definition.ts';
import { walkNodes } from './walk-nodes.ts';

/**
 * What stays as it is while people may be inside: the kind of audience; the segments of one for future
 * additions only, because who was in them at launch is known of no others; and the branches of a split,
 * whose weights alone may move. Throws ApiError `journey-state`.
 */
export function checkLiveChange(before: Definition, after: Definition): void {
  checkAudience(before.audience, after.audience);
  const splits = new Map(splitsOf(before).map((split) => [split.id, split]));
  for (const split of splitsOf(after)) {
    const old = splits.get(split.id);
    if (old !== undefined && branchIds(old) !== branchIds(split)) {
      throw refusal(
        `the branches of the split ${split.id} are fixed once it was live; its weights may change`,
      );
    }
  }
}

function checkAudience(before: Audience, after: Audience): void {
  if (before.kind === 'segment' && after.kind === 'segment') {
    if (before.futureAdditionsOnly !== after.futureAdditionsOnly) {
      throw refusal('audience.future_additions_only is fixed once the journey was live');
    }
    if (before.futureAdditionsOnly && segmentsOf(before) !== segmentsOf(after)) {
      throw refusal(
        'the segments of an audience of future additions only are fixed once the journey was live',
      );
    }
    return;
  }
  if (before.kind === 'event_trigger' && after.kind === 'event_trigger') {
    if (before.runKey !== after.runKey) {
      throw refusal('audience.run_key is fixed once the journey was live: runs are told apart by it');
    }
    return;
  }
  throw refusal('audience.kind is fixed once the journey was live');
}

function splitsOf({ nodes }: Definition): readonly SplitNode[] {
  return [...walkNodes(nodes)].filter((node) => node.kind === 'split_range');
}

function branchIds({ branches }: SplitNode): string {
  return branches.map(({ id }) => id).join();
}

function segmentsOf(audience: Audience & { kind: 'segment' }): string {
  return [audience.includedSegmentIds, audience.excludedSegmentIds]
    .map((ids) => ids.toSorted().join())
    .join(' ');
}

function refusal(reason: string): ApiError {
  return new ApiError('journey-state', { params: { reason } });
}
