import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { LANES } from '../../platform/ids.ts';
import { readUsersIn } from '../audience/index.ts';
import type { AudienceCounter, AudienceSources, FoundUser } from '../audience/index.ts';
import { readMembersOfLanes } from './live/member-store.ts';
import { areReady } from './live/segment-watches.ts';
import type { Segments } from './segments.ts';

const DEFAULT_PAGE = 100;
/** Users that one page looks at, about: where few are in a segment, a page has fewer of them than were asked for. */
const LOOKED_AT = 100_000;
/** Before all ids: versions of ids are never 0. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

export interface MembersPage {
  /** They are kept as they come and go, and were not looked for. */
  readonly isLive: boolean;
  readonly members: readonly FoundUser[];
  /** Null at the end. */
  readonly next: string | null;
}

export interface SegmentMembersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly segments: Pick<Segments, 'view'>;
  readonly counter: Pick<AudienceCounter, 'estimate'>;
  readonly messageEvents: AudienceSources['messageEvents'];
}

/** Tells who is in a segment: of a live one what is kept, of others whom its filters find now. */
export class SegmentMembers {
  readonly #options: SegmentMembersOptions;
  readonly #lookedAt: number;

  /** `mostLookedAt` is a bound for a page. */
  constructor(options: SegmentMembersOptions, mostLookedAt = LOOKED_AT) {
    this.#options = options;
    this.#lookedAt = mostLookedAt;
  }

  /**
   * Users in the order of their lanes and ids, which stays the same: whoever is in the segment while all pages are read
   * is on one of them, and nobody is on two. A page that is not the last one may have few, or none. Throws ApiError
   * `segment-not-found`, `cursor-invalid`.
   */
  async page(
    appId: string,
    segmentId: string,
    { limit = DEFAULT_PAGE, cursor }: { readonly limit?: number; readonly cursor?: string },
  ): Promise<MembersPage> {
    const { database, clock, segments, counter, messageEvents } = this.#options;
    const { id, conditions } = await segments.view(appId, segmentId);
    const list = ['members', appId, id];
    const [lane, userId] =
      cursor === undefined ? [0, BEFORE_ALL] : decodeCursor(list, cursor, ['integer', 'uuid']);
    if (lane < 0 || lane > LANES) throw new ApiError('cursor-invalid');
    const size = Math.max(1, await counter.estimate(appId));
    const lanes = Math.max(1, Math.floor((LANES * this.#lookedAt) / size));
    const end = Math.min(LANES, lane + lanes);
    const range = { appId, after: { lane, userId }, end, limit };
    // At one moment: a segment that ceases to be live has no members that are kept.
    const kept = await database.snapshot(async (snapshot) =>
      (await areReady(snapshot, appId, [id])) ? readMembersOfLanes(snapshot, id, range) : null,
    );
    const members =
      kept ?? (await readUsersIn(database, conditions, range, { now: clock.now(), messageEvents }));
    const last = members.length < limit ? undefined : members.at(-1);
    const place = last === undefined ? ([end, BEFORE_ALL] as const) : ([last.lane, last.userId] as const);
    const isEnd = last === undefined && end === LANES;
    return { isLive: kept !== null, members, next: isEnd ? null : encodeCursor(list, place) };
  }
}
