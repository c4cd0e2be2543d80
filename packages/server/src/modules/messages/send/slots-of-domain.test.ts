import { expect, it } from 'vitest';
import { SlotsOfDomain } from './slots-of-domain.ts';

const take = (slots: SlotsOfDomain, count: number, now: number) =>
  Array.from({ length: count }, () => slots.take(now));

it('a second’s worth goes at once, the others one behind the other', () => {
  const slots = new SlotsOfDomain(600);
  const times = take(slots, 14, 10_000);
  expect(times.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => null));
  expect(times.slice(11)).toEqual([10_100, 10_200, 10_300]);
  // Who comes while those wait comes behind them.
  expect(slots.take(10_050)).toBe(10_400);
});

it('no more than its number goes in a minute, however they come', () => {
  const slots = new SlotsOfDomain(60);
  let inMinute = 0;
  for (let now = 0; now < 60_000; now += 100) if (slots.take(now) === null) inMinute += 1;
  expect(inMinute).toBeLessThanOrEqual(62);
});

it('one that comes seldom goes at once', () => {
  const slots = new SlotsOfDomain(1);
  expect(slots.take(0)).toBeNull();
  expect(slots.take(60_000)).toBeNull();
  expect(slots.take(61_000)).toBe(119_000);
});
