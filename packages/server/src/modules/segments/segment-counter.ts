import type { Channel } from '@carillon/wire';
import { LANES } from '../../platform/ids.ts';
import type { Audience, AudienceCounter, Expression } from '../audience/index.ts';

/** Up to so many subscriptions are looked at one by one; of more, the lanes that have about so many of them. */
const LOOKED_AT = 1_000_000;

const CHANNELS = ['push', 'email', 'sms'] as const satisfies readonly Channel[];

/** Subscriptions in a segment that can be reached. */
export interface SegmentCount {
  readonly count: number;
  readonly byChannel: Readonly<Record<Channel, number>>;
  /**
   * 0: everybody was looked at. Otherwise some lanes were, which hold users by chance, and 19 times of 20 the true
   * count is no further away than this.
   */
  readonly margin: number;
}

/** Counts segments: exactly, or from a sample where an app is large. */
export class SegmentCounter {
  readonly #counter: Pick<AudienceCounter, 'count'>;
  readonly #lookedAt: number;

  /** `lookedAt` is a bound for a count. */
  constructor(counter: Pick<AudienceCounter, 'count'>, lookedAt = LOOKED_AT) {
    this.#counter = counter;
    this.#lookedAt = lookedAt;
  }

  /** `mostLookedAt`: where less exactness will do. */
  async count(appId: string, conditions: Expression, mostLookedAt = this.#lookedAt): Promise<SegmentCount> {
    const audience = { include: conditions, exclude: [], only: [] };
    const all = await this.#byChannel(appId, null, LANES);
    if (conditions.some((branch) => branch.length === 0)) return { ...all, margin: 0 };
    const most = Math.min(mostLookedAt, this.#lookedAt);
    const lanes = Math.max(1, Math.min(LANES, Math.floor((LANES * most) / Math.max(1, all.count))));
    const found = await this.#byChannel(appId, audience, lanes);
    if (lanes === LANES) return { ...found, margin: 0 };
    const part = LANES / lanes;
    const times = (count: number) => Math.round(count * part);
    const { push, email, sms } = found.byChannel;
    return {
      count: times(found.count),
      byChannel: { push: times(push), email: times(email), sms: times(sms) },
      // Nobody found says that it is fewer than three in what was looked at.
      margin: Math.ceil(found.count === 0 ? 3 * part : 1.96 * Math.sqrt(found.count * (1 - 1 / part)) * part),
    };
  }

  async #byChannel(
    appId: string,
    audience: Audience | null,
    lanes: number,
  ): Promise<Omit<SegmentCount, 'margin'>> {
    const first = Array.from({ length: lanes }, (_, lane) => lane);
    const [push, email, sms] = await Promise.all(
      CHANNELS.map((channel) => this.#counter.count(appId, channel, audience, first)),
    );
    const byChannel = { push: push ?? 0, email: email ?? 0, sms: sms ?? 0 };
    return { count: byChannel.push + byChannel.email + byChannel.sms, byChannel };
  }
}
