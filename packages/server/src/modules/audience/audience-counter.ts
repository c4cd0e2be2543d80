import type { Channel } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import { inGroups } from '../../platform/in-groups.ts';
import { LANES } from '../../platform/ids.ts';
import type { AudiencePage, SubscriptionPlace } from '../identity/index.ts';
import { countAmong, countEveryone, countParts } from './audience-count-store.ts';
import type { CountedPart } from './audience-count-store.ts';
import type { Audience } from './condition.ts';
import { lookUpSegments } from './look-up-segments.ts';
import type { AudienceSources } from './sources.ts';

/** Subscriptions that one statement looks at, at most. */
const LOOKED_AT = 40_000;
const PAGES_A_STATEMENT = 8;
const LANES_A_STATEMENT = 16;
/** Of all counts of a process together: counting must leave the database to sending. */
const IN_FLIGHT = 2;
const PLACES_A_STATEMENT = 2_000;
const ALL_LANES: readonly number[] = Array.from({ length: LANES }, (_, lane) => lane);

interface Asked extends AudiencePage {
  readonly audience: Audience;
}

type Place = Pick<SubscriptionPlace, 'lane' | 'subscriptionId' | 'userId'>;

/**
 * Counts audiences, exactly, as they are now. Everyone of a filtered one is looked at, in statements of bounded
 * size: for people who plan a message, not for every message.
 */
export class AudienceCounter {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #sources: AudienceSources;
  readonly #parts: Coalescer<Asked, CountedPart>;

  constructor(database: Database, clock: Clock, sources: AudienceSources) {
    this.#database = database;
    this.#clock = clock;
    this.#sources = sources;
    this.#parts = new Coalescer({
      inFlight: IN_FLIGHT,
      largest: PAGES_A_STATEMENT,
      flush: (asked) =>
        inGroups(
          asked,
          ({ audience }) => audience,
          (audience, pages) =>
            countParts(database, audience, pages, Math.floor(LOOKED_AT / pages.length), this.#now),
          'one-by-one',
        ),
    });
  }

  /** Subscriptions in an audience, of some lanes, that can be reached on the channel; of everyone where it is null. */
  async count(
    appId: string,
    channel: Channel,
    audience: Audience | null,
    lanes: readonly number[] = ALL_LANES,
  ): Promise<number> {
    if (audience === null) return this.#everyone(appId, channel, lanes);
    const meant = await lookUpSegments(audience, appId, this.#sources.segments);
    const counts = await Promise.all(
      lanes.map((lane) => this.#lane({ lane, appId, channel, after: null, audience: meant })),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** How many of these subscriptions can be reached and are in the audience. */
  async countAmong(appId: string, audience: Audience, places: readonly Place[]): Promise<number> {
    const distinct = [...new Map(places.map((place) => [place.subscriptionId, place])).values()];
    const meant = await lookUpSegments(audience, appId, this.#sources.segments);
    let sum = 0;
    for (let from = 0; from < distinct.length; from += PLACES_A_STATEMENT) {
      const some = distinct.slice(from, from + PLACES_A_STATEMENT);
      sum += await countAmong(this.#database, appId, meant, some, this.#now);
    }
    return sum;
  }

  get #now() {
    return { now: this.#clock.now(), messageEvents: this.#sources.messageEvents };
  }

  async #lane(asked: Asked): Promise<number> {
    let sum = 0;
    for (let after: string | null = null; ;) {
      const part: CountedPart = await this.#parts.submit({ ...asked, after });
      sum += part.count;
      if (part.edge === null) return sum;
      after = part.edge;
    }
  }

  async #everyone(appId: string, channel: Channel, lanes: readonly number[]): Promise<number> {
    let sum = 0;
    for (let from = 0; from < lanes.length; from += LANES_A_STATEMENT) {
      const some = lanes.slice(from, from + LANES_A_STATEMENT);
      sum += await countEveryone(this.#database, appId, channel, some);
    }
    return sum;
  }
}
