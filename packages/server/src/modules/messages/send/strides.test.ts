import { expect, test } from 'vitest';
import { FakeClock, until } from '@carillon/test-kit';
import { Strides } from './strides.ts';
import type { Step } from './strides.ts';

test('broadcasts give way for a while after a single message', async () => {
  const clock = new FakeClock();
  const strides = new Strides(clock);
  expect(strides.now).toBe(strides.longest);
  strides.giveWay();
  expect(strides.now.page).toBeLessThan(strides.longest.page);
  await clock.advance(499);
  strides.giveWay();
  await clock.advance(499);
  expect(strides.now.rows).toBeLessThan(strides.longest.rows);
  await clock.advance(1);
  expect(strides.now).toBe(strides.longest);
});

test('a short stride is no longer than a long one that was asked for', () => {
  const strides = new Strides(new FakeClock(), { page: 4 });
  strides.giveWay();
  expect(strides.now.page).toBe(4);
});

/** Pages that have begun, and how to end each. */
function pagesOf(strides: Strides, count: number) {
  const begun: Step[] = [];
  for (let n = 0; n < count; n += 1) void strides.begin(500).then((step) => begun.push(step));
  return begun;
}

const ALL_THE_TIME = () => 1;

test('pages under way when one begins are waited for, and short ones go one after the other', async () => {
  const strides = new Strides(new FakeClock(), {}, ALL_THE_TIME);
  const long = pagesOf(strides, 2);
  await until('both go', () => long.length === 2);
  strides.giveWay();
  const short = pagesOf(strides, 3);
  long[0]?.end();
  await Promise.resolve();
  expect(short).toHaveLength(0);
  long[1]?.end();
  await until('the first goes', () => short.length > 0);
  expect(short).toMatchObject([{ most: 100 }]);
  short[0]?.end();
  await until('the second goes', () => short.length > 1);
  expect(short).toHaveLength(2);
});

test('what waited goes on in long strides afterwards', async () => {
  const clock = new FakeClock();
  const strides = new Strides(clock, {}, ALL_THE_TIME);
  const under = await strides.begin(500);
  strides.giveWay();
  const waiting = pagesOf(strides, 2);
  await clock.advance(500);
  under.end();
  await until('both go', () => waiting.length === 2);
  expect(waiting).toMatchObject([{ most: 650 }, { most: 650 }]);
});

test('a page that waits for its provider keeps no other waiting while there is time', async () => {
  const strides = new Strides(new FakeClock(), {}, () => 0.1);
  strides.giveWay();
  const hanging = pagesOf(strides, 1);
  const others = pagesOf(strides, 2);
  await until('the others go', () => others.length === 2);
  expect(hanging).toHaveLength(1);
});
