import { describe, expect, it } from 'vitest';
import { LearnedRate } from './learned-rate.ts';

const SECOND = 1_000;

/** A provider that takes so many in each second, asked by whoever goes by the rate, for so long. */
function play(rate: LearnedRate, limit: number, seconds: number): { accepted: number; limited: number } {
  let [accepted, limited, window, inWindow] = [0, 0, -1, 0];
  for (let now = 0; now < seconds * SECOND;) {
    const { count, moreAt } = rate.take(500, now);
    const second = Math.floor(now / SECOND);
    if (second !== window) [window, inWindow] = [second, 0];
    const taken = Math.min(count, limit - inWindow);
    inWindow += taken;
    accepted += taken;
    limited += count - taken;
    rate.learn({ accepted: taken, limited: count - taken, afterMs: null }, now);
    now = Math.max(moreAt, now + 10);
  }
  return { accepted, limited };
}

describe('the rate of a provider', () => {
  it('is none until it says "too many"', () => {
    const rate = new LearnedRate();
    expect(rate.take(10_000, 0)).toEqual({ count: 10_000, moreAt: 0 });
    rate.learn({ accepted: 10_000, limited: 0, afterMs: null }, 0);
    expect(rate.take(10_000, 1)).toEqual({ count: 10_000, moreAt: 1 });
    expect(rate.perSecond).toBe(Infinity);
  });

  it('comes near to what it takes, with few refusals', () => {
    const { accepted, limited } = play(new LearnedRate(), 100, 60);
    expect(accepted).toBeGreaterThan(60 * 100 * 0.75);
    // The first page apart, it is tried out now and then.
    expect(limited).toBeLessThan(500 + accepted * 0.1);
  });

  it('lets nobody go before the time that the provider asked to wait is over', () => {
    const rate = new LearnedRate();
    rate.learn({ accepted: 50, limited: 1, afterMs: 7 * SECOND }, 0);
    expect(rate.take(5, 6_999)).toEqual({ count: 0, moreAt: 7_000 });
    expect(rate.take(5, 7_000).count).toBe(5);
  });

  it('falls once for all refusals of a moment, and never below one a second', () => {
    const rate = new LearnedRate();
    const refused = { accepted: 0, limited: 500, afterMs: null };
    rate.learn({ accepted: 100, limited: 500, afterMs: null }, 0);
    expect(rate.perSecond).toBe(80);
    rate.learn(refused, 500);
    expect(rate.perSecond).toBe(80);
    for (let now = SECOND; now < 60 * SECOND; now += SECOND) rate.learn(refused, now);
    expect(rate.perSecond).toBe(1);
    expect(rate.take(1, 100 * SECOND).count).toBe(1);
  });

  it('is forgotten when the provider has said nothing for long', () => {
    const rate = new LearnedRate();
    rate.learn({ accepted: 100, limited: 1, afterMs: null }, 0);
    rate.take(1, 30 * SECOND);
    expect(rate.perSecond).toBeGreaterThan(300);
    rate.take(1, 60 * SECOND);
    expect(rate.perSecond).toBe(Infinity);
  });
});
