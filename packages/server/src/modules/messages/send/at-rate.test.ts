import { expect, it } from 'vitest';
import { FakeClock, until } from '@carillon/test-kit';
import type { Outcome } from '../../channels/index.ts';
import { atRate } from './at-rate.ts';
import { LearnedRate } from './learned-rate.ts';

const SENT: Outcome = { state: 'sent', ref: null };
const people = (count: number) => Array.from({ length: count }, (_, n) => n);

function limitedTo(perSecond: number, afterMs: number | null = null): LearnedRate {
  const rate = new LearnedRate();
  rate.learn({ accepted: perSecond / 0.8, limited: 1, afterMs }, 0);
  return rate;
}

it('everything goes at once where no rate is known', async () => {
  const sizes: number[] = [];
  const { answers, held } = await atRate(people(300), new LearnedRate(), new FakeClock(0), async (some) => {
    sizes.push(some.length);
    return some.map(() => SENT);
  });
  expect(sizes).toEqual([300]);
  expect(answers).toHaveLength(300);
  expect(held).toEqual([]);
});

it('goes by the rate, in the order asked, and everybody gets an answer', async () => {
  const clock = new FakeClock(0);
  const sent: { readonly at: number; readonly who: number }[] = [];
  const going = atRate(people(100), limitedTo(40), clock, async (some) => {
    for (const who of some) sent.push({ at: clock.now(), who });
    return some.map(() => SENT);
  });
  for (let second = 1; second <= 3; second += 1) {
    for (let step = 0; step < 20; step += 1) await clock.advance(50);
  }
  await until('all have gone', () => sent.length === 100);
  expect((await going).answers).toHaveLength(100);
  expect(sent.map(({ who }) => who)).toEqual(people(100));
  const first = sent.filter(({ at }) => at <= 1_000).length;
  expect(first).toBeGreaterThanOrEqual(30);
  expect(first).toBeLessThanOrEqual(50);
});

it('who would wait too long comes again at their own time', async () => {
  const { answers, held } = await atRate(people(30), limitedTo(10, 60_000), new FakeClock(0), async () => []);
  expect(answers).toEqual([]);
  expect(held).toHaveLength(30);
  expect(held[0]).toMatchObject({ state: 'held', until: 60_000 });
  expect(held[29]?.until).toBe(62_900);
});

it('learns from what is refused', async () => {
  const rate = new LearnedRate();
  const limited: Outcome = { state: 'retry', reason: '429', afterMs: 2_000, limited: true };
  await atRate(people(50), rate, new FakeClock(0), async (some) =>
    some.map((_, index) => (index < 20 ? SENT : limited)),
  );
  expect(rate.perSecond).toBe(16);
  expect(rate.take(1, 1_999).count).toBe(0);
});
