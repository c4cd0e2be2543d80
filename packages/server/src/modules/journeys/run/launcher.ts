import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import type { LiveMemberships } from './fact-sources.ts';
import type { JourneyIndex, LiveJourney } from './journey-index.ts';
import { isLaunched, readLaunches, writeLaunch } from './launch-store.ts';
import type { LaunchPlace } from './launch-store.ts';

/** Users of a page. */
const PAGE = 1_000;

/** Makes a journey active whose launch is over. */
export type FinishLaunch = (appId: string, journeyId: string) => Promise<void>;

/** A page of those who are in a journey's segments when it begins. */
export interface LaunchPage {
  readonly live: LiveJourney;
  readonly users: readonly UserPlace[];
  /** They are kept out instead: the journey is for those who come later. */
  readonly bars: boolean;
  /** Where the next page begins. */
  readonly next: LaunchPlace;
}

/**
 * Lets those in who are in a journey's segments once that is known, lane by lane and page by page. How far it has come
 * is stored behind each page; a page that is read again meets the entries of the time before.
 */
export class Launcher {
  readonly #database: Queryable;
  readonly #memberships: LiveMemberships;
  readonly #finish: FinishLaunch;
  /** For each owner's lanes: what is still to be done of which version of the journeys. */
  readonly #open = new WeakMap<OwnedLanes, { version: number; journeys: LiveJourney[] }>();

  constructor(database: Queryable, memberships: LiveMemberships, finish: FinishLaunch) {
    this.#database = database;
    this.#memberships = memberships;
    this.#finish = finish;
  }

  /** The next page in these lanes; null when none of them has a launch to do. */
  async next(
    owned: OwnedLanes,
    { version }: { readonly version: number },
    index: JourneyIndex,
  ): Promise<LaunchPage | null> {
    let open = this.#open.get(owned);
    if (open?.version !== version) {
      const journeys = [...index.all].filter(
        ({ journey }) => journey.state === 'processing' && !journey.awaitsSegments,
      );
      this.#open.set(owned, (open = { version, journeys }));
    }
    for (;;) {
      const [live] = open.journeys;
      if (live === undefined) return null;
      const page = await this.#pageOf(owned, live);
      if (page !== null) return page;
      open.journeys.shift();
      const { appId, id, version } = live.journey;
      if (await isLaunched(this.#database, id, version)) await this.#finish(appId, id);
    }
  }

  /** Stores how far it has come. False when the lane has another owner now. */
  async advance(owned: OwnedLanes, { live, next }: LaunchPage): Promise<boolean> {
    const { appId, id, version } = live.journey;
    return writeLaunch(this.#database, owned, { appId, journeyId: id, version }, next);
  }

  async #pageOf(owned: OwnedLanes, live: LiveJourney): Promise<LaunchPage | null> {
    const { journey } = live;
    const { audience } = journey.definition;
    const bars = audience.kind === 'segment' && audience.futureAdditionsOnly;
    const segments =
      audience.kind === 'segment'
        ? [...audience.includedSegmentIds, ...(bars ? audience.excludedSegmentIds : [])]
        : [];
    const places = await readLaunches(this.#database, [...owned.lanes.keys()], journey.id, journey.version);
    for (const lane of owned.lanes.keys()) {
      const { place, after, done } = places.get(lane) ?? { place: 0, after: null, done: false };
      if (done) continue;
      const segment = segments[place];
      if (segment === undefined)
        return { live, users: [], bars, next: { lane, place, after: null, done: true } };
      const { appId } = journey;
      const ids = await this.#memberships.readMembers({ appId, lane, segmentId: segment }, after, PAGE);
      const users = ids.map((userId) => ({ lane, userId }));
      const last = ids.at(-1);
      const isFull = ids.length === PAGE && last !== undefined;
      const next = isFull
        ? { lane, place, after: last, done: false }
        : { lane, place: place + 1, after: null, done: place + 1 >= segments.length };
      return { live, users, bars, next };
    }
    return null;
  }
}
