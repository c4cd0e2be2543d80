import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedBatch } from './feed-batch.ts';
import { FEED_START, decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';
import type { LaneNews } from './feed-store.ts';
import { pageOf } from './read-feed.ts';

/** One position of a lane: a batch of the reader's app, or (size 0) one of another app. */
interface Row {
  readonly lane: number;
  readonly size: number;
  readonly at: number;
  /** Days that went by before it was written. */
  readonly later: number;
}

/** What happens next: a row is written, or the reader asks for a page. */
type Step = { readonly write: Row } | { readonly read: number };

const row = fc.record({
  lane: fc.constantFrom(0, 1, 2, 255),
  size: fc.nat({ max: 7 }),
  at: fc.nat({ max: 1_000 }),
  later: fc.constantFrom(0, 0, 0, 0, 1, 3),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: row.map((write) => ({ write })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((read) => ({ read })) },
);

/** The feed as it stands in the database, and `readNews` of it. */
class Feed {
  readonly lanes = new Map<number, { day: number; batch: FeedBatch | null }[]>();
  #day = 20_000;

  write({ lane, size, at, later }: Row): void {
    this.#day += later;
    const rows = this.lanes.get(lane) ?? [];
    this.lanes.set(lane, rows);
    const position = rows.length + 1;
    const day = this.#day;
    const placed = { lane, position, day, size, at, kind: 'events', messageId: '', events: [] } as const;
    rows.push({ day, batch: size === 0 ? null : placed });
  }

  read(positions: readonly number[], since: number, most: number): LaneNews[] {
    return [...this.lanes].flatMap(([lane, rows]) => {
      const from = positions[lane] ?? 0;
      if (rows.length <= from) return [];
      const batches = rows
        .slice(from)
        .flatMap(({ day, batch }) => (batch !== null && day >= since ? [batch] : []));
      return [{ lane, head: rows.length, batches: batches.slice(0, most), isFull: batches.length >= most }];
    });
  }

  /** Every event of a lane in its order, as position and number. */
  events(lane: number): string[] {
    return (this.lanes.get(lane) ?? []).flatMap(({ batch }) =>
      Array.from({ length: batch?.size ?? 0 }, (_, index) => `${batch?.position}.${index}`),
    );
  }
}

describe('reading the feed', () => {
  it('tells every event once and in the order of its lane, whatever the limits and whenever it is written', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (steps, most) => {
        const feed = new Feed();
        const told = new Map<number, string[]>();
        let cursor = FEED_START;
        const read = (limit: number) => {
          const page = pageOf(cursor, feed.read(cursor.positions, cursor.day - 1, most), limit);
          for (const { batch, from, to } of page.slices) {
            const events = told.get(batch.lane) ?? [];
            told.set(batch.lane, events);
            for (let index = from; index < to; index += 1) events.push(`${batch.position}.${index}`);
          }
          const count = page.slices.reduce((sum, { from, to }) => sum + to - from, 0);
          expect(count).toBeLessThanOrEqual(limit);
          expect(page.more && count === 0).toBe(false);
          cursor = decodeFeedCursor(encodeFeedCursor(page.cursor));
          return page.more;
        };
        for (const next of steps) {
          if ('write' in next) feed.write(next.write);
          else read(next.read);
        }
        while (read(5));
        for (const lane of feed.lanes.keys()) expect(told.get(lane) ?? []).toEqual(feed.events(lane));
      }),
      { numRuns: 500 },
    );
  });
});
