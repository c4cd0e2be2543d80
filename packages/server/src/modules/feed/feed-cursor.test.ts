import { describe, expect, it } from 'vitest';
import { FEED_START, decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts';

describe('the feed cursor', () => {
  it('comes back as it went out', () => {
    const positions = FEED_START.positions.map((_, lane) => lane ** 5);
    for (const within of [null, { lane: 0, read: 3 }, { lane: 255, read: 999 }]) {
      const cursor = { positions, day: 20_780, within };
      expect(decodeFeedCursor(encodeFeedCursor(cursor))).toEqual(cursor);
    }
  });

  it('is short for a young database', () => {
    expect(encodeFeedCursor(FEED_START).length).toBeLessThan(360);
  });

  it.each([
    '',
    'AAAA',
    'not a cursor',
    encodeFeedCursor(FEED_START).slice(0, -4),
    `${encodeFeedCursor(FEED_START)}AA`,
    encodeFeedCursor({ ...FEED_START, day: 3_000_000 }),
    encodeFeedCursor({ ...FEED_START, within: { lane: 256, read: 1 } }),
    encodeFeedCursor({ ...FEED_START, positions: FEED_START.positions.map(() => 2 ** 60) }),
  ])('refuses %j', (text) => {
    expect(() => decodeFeedCursor(text)).toThrow('cursor');
  });
});
