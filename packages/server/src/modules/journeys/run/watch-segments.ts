import type { Transaction } from '../../../platform/database/database.ts';
import type { SegmentWatches } from '../../segments/index.ts';
import type { Journey } from '../definition/definition.ts';
import { compileDefinition } from './compile-definition.ts';

interface Watched {
  readonly segmentIds: readonly string[];
  readonly sessions: boolean;
}

const NOTHING: Watched = { segmentIds: [], sessions: false };

/**
 * Keeps the segments that a journey asks for live as long as people may be inside of it; as part of the change of the
 * journey. `before`: what it was; null when there was none. `after`: null when it is deleted. Whether something changed.
 * Throws ApiError `segment-not-found`.
 */
export async function watchSegments(
  transaction: Transaction,
  watches: Pick<SegmentWatches, 'set'>,
  before: Journey | null,
  after: Journey | null,
): Promise<boolean> {
  const journey = after ?? before;
  const wanted = watchedBy(after);
  if (journey === null || JSON.stringify(wanted) === JSON.stringify(watchedBy(before))) return false;
  const { appId, id } = journey;
  const { segmentIds, sessions } = wanted;
  await watches.set(transaction, { appId, watcher: 'journey', watcherId: id }, segmentIds, { sessions });
  return true;
}

function watchedBy(journey: Journey | null): Watched {
  switch (journey?.state) {
    case 'processing':
    case 'active':
    case 'paused':
      return {
        segmentIds: [...compileDefinition(journey.definition).segmentIds].toSorted(),
        sessions: journey.definition.earlyExit?.onSession ?? false,
      };
    case 'draft':
    case 'scheduled':
    case 'archived':
    case undefined:
      return NOTHING;
  }
}
