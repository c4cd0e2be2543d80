import { expect, it } from 'vitest';
import { LANES } from '../../platform/ids.ts';
import { SegmentCounter } from './segment-counter.ts';

const ALL = Array.from({ length: LANES }, (_, lane) => lane);
const SOME = [[{ kind: 'test-user', not: false } as const]];

/** Counts `inLane` emails of each lane that are in the audience, of 100 there. */
function counterOf(inLane: (lane: number) => number) {
  const asked: number[] = [];
  return {
    asked,
    estimate: async () => 100 * LANES,
    count: async (
      _: string,
      audience: object | null,
      { lanes = ALL }: { lanes?: readonly number[] } = {},
    ) => {
      asked.push(lanes.length);
      const email = lanes.reduce((sum, lane) => sum + (audience === null ? 100 : inLane(lane)), 0);
      return { push: 0, email, sms: 0 };
    },
  };
}

it('a count is exact where all may be looked at', async () => {
  const counter = counterOf((lane) => lane % 3);
  const exact = ALL.reduce((sum, lane) => sum + (lane % 3), 0);
  expect(await new SegmentCounter(counter).count('app', SOME)).toEqual({
    count: exact,
    byChannel: { push: 0, email: exact, sms: 0 },
    margin: 0,
  });
  expect(counter.asked).toEqual([LANES]);
});

it('a count of more than that is made from some lanes, and says how far off it may be', async () => {
  const counter = counterOf(() => 10);
  const { count, margin } = await new SegmentCounter(counter).count('app', SOME, 3_200);
  expect(counter.asked).toEqual([32]);
  expect(count).toBe(10 * LANES);
  expect(margin).toBeGreaterThan(0);
  expect(margin).toBeLessThan(count / 4);
  const rare = await new SegmentCounter(counterOf(() => 0)).count('app', SOME, 3_200);
  expect(rare).toMatchObject({ count: 0, margin: 24 });
});

it('everybody is counted without a look at anybody', async () => {
  const counter = counterOf(() => 0);
  expect(await new SegmentCounter(counter).count('app', [[]], 1)).toMatchObject({
    count: 100 * LANES,
    margin: 0,
  });
  expect(counter.asked).toEqual([LANES]);
});
