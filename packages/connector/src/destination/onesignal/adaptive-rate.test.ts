import { describe, expect, it } from 'vitest';
import { AdaptiveRate } from './adaptive-rate.ts';

/** Lets a server with `cap(t)` requests a second, a second's worth at once, judge a rate for `seconds`. */
function play(cap: (ms: number) => number, seconds: number, retryAfter: () => number) {
  const rate = new AdaptiveRate(900, 970, 0);
  const count = { accepted: 0, refused: 0, permitted: 0 };
  let [tokens, credit, openAt] = [cap(0), 0, 0];
  for (let now = 0; now < seconds * 1000; now += 1) {
    tokens = Math.min(cap(now), tokens + cap(now) / 1000);
    if (now < openAt) continue;
    if (now === openAt) rate.resumed(now);
    count.permitted += cap(now) / 1000;
    rate.grow(now);
    credit += rate.rate / 1000;
    while (credit >= 1 && now >= openAt) {
      credit -= 1;
      if (tokens >= 1) {
        tokens -= 1;
        count.accepted += 1;
        rate.accepted();
      } else {
        count.refused += 1;
        rate.refused(now);
        openAt = now + retryAfter() * 1000;
        credit = 0;
      }
    }
  }
  return { ...count, rate: rate.rate };
}

describe('the rate that adapts', () => {
  it('is never refused by a server that gives what it publishes, and comes near to all of it', () => {
    const { accepted, refused, permitted } = play(
      () => 1000,
      60,
      () => 1,
    );
    expect(refused).toBe(0);
    expect(accepted / permitted).toBeGreaterThan(0.94);
  });

  it('finds a far lower cap in two refusals', () => {
    const { refused, rate } = play(
      () => 50,
      5,
      () => 1,
    );
    expect(refused).toBeLessThanOrEqual(2);
    expect(rate).toBeLessThan(75);
  });

  it('follows a cap that jumps about: hardly anything refused, nearly everything used', () => {
    const caps = [1000, 80, 640, 50, 300, 900, 55, 1000, 410, 120];
    const waits = [1, 5, 2, 4, 3];
    let asked = 0;
    const { accepted, refused, permitted } = play(
      (ms) => caps[Math.floor(ms / 10_000) % caps.length] ?? 1000,
      200,
      () => waits[(asked += 1) % waits.length] ?? 1,
    );
    expect(refused / (accepted + refused)).toBeLessThan(0.01);
    expect(accepted / permitted).toBeGreaterThan(0.9);
  });
});
