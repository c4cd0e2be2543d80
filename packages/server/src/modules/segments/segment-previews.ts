import type { Channel, FilterEntry } from '@carillon/wire';
import { LANES } from '../../platform/ids.ts';
import { EVERYONE, parseFilters } from '../audience/index.ts';
import type { AudienceReader, Expression } from '../audience/index.ts';
import type { Recipient } from '../identity/index.ts';
import type { SegmentCount, SegmentCounter } from './segment-counter.ts';

/** A preview is asked for while somebody types: a second, not exactness. */
const LOOKED_AT = 200_000;
const CHANNELS = ['push', 'email', 'sms'] as const satisfies readonly Channel[];
/** Lanes in which people for the sample are looked for, at most. */
const SAMPLED_LANES = 32;

export interface SegmentPreview {
  readonly count: SegmentCount;
  readonly people: readonly Recipient[];
}

/** Tells who would be in a segment before it is saved. Writes nothing. */
export class SegmentPreviews {
  readonly #counter: SegmentCounter;
  readonly #reader: Pick<AudienceReader, 'page'>;

  constructor(counter: SegmentCounter, reader: Pick<AudienceReader, 'page'>) {
    this.#counter = counter;
    this.#reader = reader;
  }

  /** A count, and up to `sample` subscriptions of different users. Throws ApiError for filters that will not do. */
  async preview(appId: string, filters: readonly FilterEntry[], sample: number): Promise<SegmentPreview> {
    const conditions = filters.length === 0 ? EVERYONE : parseFilters(filters);
    const count = await this.#counter.count(appId, conditions, LOOKED_AT);
    return { count, people: await this.#sample(appId, conditions, sample, count) };
  }

  async #sample(
    appId: string,
    conditions: Expression,
    most: number,
    { byChannel, margin }: SegmentCount,
  ): Promise<Recipient[]> {
    const audience = { include: conditions, exclude: [], only: [] };
    const people = new Map<string, Recipient>();
    const lanes = margin === 0 ? LANES : SAMPLED_LANES;
    for (const channel of CHANNELS) {
      if (byChannel[channel] === 0) continue;
      for (let lane = 0; lane < lanes && people.size < most; lane += 1) {
        const { recipients } = await this.#reader.page(audience, { lane, appId, channel, after: null }, most);
        for (const one of recipients) if (!people.has(one.userId)) people.set(one.userId, one);
      }
    }
    return [...people.values()].slice(0, most);
  }
}
