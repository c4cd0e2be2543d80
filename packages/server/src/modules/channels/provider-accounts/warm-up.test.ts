import { expect, it } from 'vitest';
import { dayOfWarmUp, isOtherPlan } from './warm-up.ts';

const plan = { startsOn: '2026-12-01', perDay: [50, 100] };
const at = (time: string) => Date.parse(time);

it('nothing goes before a plan begins', () => {
  expect(dayOfWarmUp(plan, at('2026-11-30T23:59:59Z'))).toEqual({
    day: '2026-11-30',
    most: 0,
    nextAt: at('2026-12-01T00:00:00Z'),
  });
});

it('each day has its number, until midnight of UTC', () => {
  expect(dayOfWarmUp(plan, at('2026-12-01T00:00:00Z'))).toMatchObject({ day: '2026-12-01', most: 50 });
  expect(dayOfWarmUp(plan, at('2026-12-02T23:59:59.999Z'))).toEqual({
    day: '2026-12-02',
    most: 100,
    nextAt: at('2026-12-03T00:00:00Z'),
  });
});

it('there is no limit after its last day', () => {
  expect(dayOfWarmUp(plan, at('2026-12-03T00:00:00Z'))).toBeNull();
});

it('another plan is one with other days or numbers, or none any more', () => {
  expect(isOtherPlan(plan, { perDay: [50, 100], startsOn: '2026-12-01' })).toBe(false);
  expect(isOtherPlan(plan, { ...plan, perDay: [50, 200] })).toBe(true);
  expect(isOtherPlan(plan, null)).toBe(true);
  expect(isOtherPlan(null, plan)).toBe(false);
});
