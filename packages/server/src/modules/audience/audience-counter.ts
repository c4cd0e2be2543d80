import type { Channel } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import { LANES } from '../../platform/ids.ts';
import type { SubscriptionPlace } from '../identity/index.ts';
import { countAmong, countAudience, countEveryone } from './audience-count-store.ts';
import type { Counted } from './audience-count-store.ts';
import { CHANNELS, NONE, addCounts, totalOf } from './channel-counts.ts';
import type { ChannelCounts } from './channel-counts.ts';
import type { Audience } from './condition.ts';
import { lookUpSegments } from './look-up-segments.ts';
import type { AudienceSources } from './sources.ts';

/** Subscriptions that one statement looks at, about: seconds at most. A lane that has more is one all the same. */
const LOOKED_AT = 2_000_000;
const LANES_A_STATEMENT = 16;
/** Of all counts of a process together: counting must leave the database to sending. */
const IN_FLIGHT = 2;
const PLACES_A_STATEMENT = 2_000;
/** Lanes hold users by chance, so that a few tell how many there are in all. */
const PROBED_LANES = 4;
const ALL_LANES: readonly number[] = Array.from({ length: LANES }, (_, lane) => lane);

type Place = Pick<SubscriptionPlace, 'lane' | 'subscriptionId' | 'userId'>;

/** What is counted: all channels, and all lanes, when absent. */
export interface CountedPart {
  readonly channels?: readonly Channel[];
  readonly lanes?: readonly number[];
}

/**
 * Counts audiences, exactly, as they are now. Everyone of a filtered one is looked at, in statements of bounded
 * size: for people who plan a message, not for every message.
 */
export class AudienceCounter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #sources: AudienceSources;
  readonly #parts: Coalescer<Counted & { readonly audience: Audience }, ChannelCounts>;

  constructor(database: Database, clock: Clock, sources: AudienceSources) {
    this.#database = database;
    this.#clock = clock;
    this.#sources = sources;
    this.#parts = new Coalescer({
      inFlight: IN_FLIGHT,
      largest: 1,
      flush: (asked) =>
        Promise.all(asked.map(({ audience, ...part }) => countAudience(database, audience, part, this.#now))),
    });
  }

  /** Subscriptions in an audience that can be reached; everyone who can be where it is null. */
  async count(
    appId: string,
    audience: Audience | null,
    { channels = CHANNELS, lanes = ALL_LANES }: CountedPart = {},
  ): Promise<ChannelCounts> {
    const of = { appId, channels, lanes };
    if (audience === null) return this.#everyone(of);
    const [meant, size] = await Promise.all([
      lookUpSegments(audience, appId, this.#sources.segments),
      this.estimate(appId, { channels }),
    ]);
    const most = Math.max(1, Math.floor((LANES * LOOKED_AT) / Math.max(1, size)));
    const counts = await Promise.all(
      inParts(lanes, most).map((some) => this.#parts.submit({ ...of, lanes: some, audience: meant })),
    );
    return counts.reduce(addCounts, NONE);
  }

  /** About how many subscriptions of an app can be reached. Reads a few lanes. */
  async estimate(
    appId: string,
    { channels = CHANNELS }: Pick<CountedPart, 'channels'> = {},
  ): Promise<number> {
    const lanes = ALL_LANES.slice(0, PROBED_LANES);
    const found = totalOf(await countEveryone(this.#database, { appId, channels, lanes }));
    return Math.round((found * LANES) / PROBED_LANES);
  }

  /** How many of these subscriptions can be reached and are in the audience. */
  async countAmong(appId: string, audience: Audience, places: readonly Place[]): Promise<number> {
    const distinct = [...new Map(places.map((place) => [place.subscriptionId, place])).values()];
    const meant = await lookUpSegments(audience, appId, this.#sources.segments);
    let sum = 0;
    for (const some of inParts(distinct, PLACES_A_STATEMENT)) {
      sum += await countAmong(this.#database, appId, meant, some, this.#now);
    }
    return sum;
  }

  get #now() {
    return { now: this.#clock.now(), messageEvents: this.#sources.messageEvents };
  }

  async #everyone({ lanes, ...of }: Counted): Promise<ChannelCounts> {
    let sum = NONE;
    for (const some of inParts(lanes, LANES_A_STATEMENT)) {
      sum = addCounts(sum, await countEveryone(this.#database, { ...of, lanes: some }));
    }
    return sum;
  }
}

function inParts<One>(all: readonly One[], most: number): (readonly One[])[] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, n) => all.slice(n * most, (n + 1) * most));
}
