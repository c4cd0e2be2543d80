import { expect, it } from 'vitest';
import { afterPass } from './erasure.ts';

const at = (time: string) => Date.parse(`2026-11-25T${time}Z`);
const nothing = { foundAnything: false, isUnfinished: false };

it('after the first pass everything is looked through again, at a quarter of an hour that is five minutes off', () => {
  expect(afterPass({ passes: 0, ...nothing }, at('10:00:00'))).toEqual({
    state: 'settling',
    dueAt: at('10:15:00'),
  });
  expect(afterPass({ passes: 0, foundAnything: true, isUnfinished: true }, at('10:10:01'))).toEqual({
    state: 'settling',
    dueAt: at('10:30:00'),
  });
});

it('a later pass that finds nothing is the last one', () => {
  expect(afterPass({ passes: 1, ...nothing }, at('10:15:20'))).toEqual({ state: 'done' });
  const again = { state: 'settling', dueAt: at('10:20:20') };
  expect(afterPass({ passes: 1, ...nothing, foundAnything: true }, at('10:15:20'))).toEqual(again);
  expect(afterPass({ passes: 7, ...nothing, isUnfinished: true }, at('10:15:20'))).toEqual(again);
});
