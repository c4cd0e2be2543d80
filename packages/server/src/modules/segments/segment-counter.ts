import { LANES } from '../../platform/ids.ts';
import { totalOf } from '../audience/index.ts';
import type { AudienceCounter, ChannelCounts, Expression } from '../audience/index.ts';

/** Up to so many subscriptions are looked at one by one; of more, the lanes that have about so many of them. */
const LOOKED_AT = 1_000_000;
/** How many there are is estimated from a few lanes: those who are no more than that are all looked at. */
const TOLERANCE = 1.1;

/** Subscriptions in a segment that can be reached. */
export interface SegmentCount {
  readonly count: number;
  readonly byChannel: ChannelCounts;
  /**
   * 0: everybody was looked at. Otherwise some lanes were, which hold users by chance, and 19 times of 20 the true
   * count is no further away than this.
   */
  readonly margin: number;
}

/** Counts segments: exactly, or from a sample where an app is large. */
export class SegmentCounter {
  readonly #counter: Pick<AudienceCounter, 'count' | 'estimate'>;
  readonly #lookedAt: number;

  /** `lookedAt` is a bound for a count. */
  constructor(counter: Pick<AudienceCounter, 'count' | 'estimate'>, lookedAt = LOOKED_AT) {
    this.#counter = counter;
    this.#lookedAt = lookedAt;
  }

  /** `mostLookedAt`: where less exactness will do. */
  async count(appId: string, conditions: Expression, mostLookedAt = this.#lookedAt): Promise<SegmentCount> {
    const isEverybody = conditions.some((branch) => branch.length === 0);
    if (isEverybody) return exactly(await this.#counter.count(appId, null));
    const audience = { include: conditions, exclude: [], only: [] };
    const most = Math.min(mostLookedAt, this.#lookedAt);
    const size = await this.#counter.estimate(appId);
    if (size <= most * TOLERANCE) return exactly(await this.#counter.count(appId, audience));
    const lanes = Math.max(1, Math.floor((LANES * most) / size));
    const first = Array.from({ length: lanes }, (_, lane) => lane);
    return fromSample(await this.#counter.count(appId, audience, { lanes: first }), LANES / lanes);
  }
}

function exactly(byChannel: ChannelCounts): SegmentCount {
  return { count: totalOf(byChannel), byChannel, margin: 0 };
}

/** `part`: how many times as many there are as were looked at. */
function fromSample(found: ChannelCounts, part: number): SegmentCount {
  const times = (count: number) => Math.round(count * part);
  const count = totalOf(found);
  return {
    count: times(count),
    byChannel: { push: times(found.push), email: times(found.email), sms: times(found.sms) },
    // Nobody found says that it is fewer than three in what was looked at.
    margin: Math.ceil(count === 0 ? 3 * part : 1.96 * Math.sqrt(count * (1 - 1 / part)) * part),
  };
}
