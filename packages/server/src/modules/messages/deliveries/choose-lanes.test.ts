import { expect, it } from 'vitest';
import { countStates } from '../delivery.ts';
import type { DeliveryCounts } from '../delivery.ts';
import { chooseLanes } from './choose-lanes.ts';
import type { LaneOfMessage } from './choose-lanes.ts';

const NONE = countStates([]);

function lane(
  number: number,
  ended: Partial<DeliveryCounts>,
  more: Partial<LaneOfMessage> = {},
): LaneOfMessage {
  const whole = { ...NONE, ...ended };
  return { lane: number, ended: whole, retrying: 0, inDoubt: 0, isDone: true, targets: null, ...more };
}

it('lanes are taken until there is enough for a page', () => {
  const lanes = Array.from({ length: 256 }, (_, number) => lane(number, { sent: 10 }));
  expect(chooseLanes(lanes, { begun: null, states: null, look: 25 })).toEqual({
    lanes: [0, 1, 2],
    more: true,
  });
});

it('what is left of a lane that was begun counts for nothing, so that a page is not short because of it', () => {
  const lanes = [lane(3, { sent: 4_000 }), lane(4, { sent: 4_000 }), lane(5, { sent: 4_000 })];
  expect(chooseLanes(lanes, { begun: 3, states: null, look: 50 })).toEqual({ lanes: [3, 4], more: true });
});

it('lanes that hold none of the states asked for are passed over', () => {
  const lanes = [
    lane(0, { sent: 5 }),
    lane(1, { sent: 5, failed: 1 }),
    lane(2, { sent: 5 }, { retrying: 1, isDone: false, targets: 6 }),
    lane(3, {}, { isDone: false, inDoubt: 2, targets: 2 }),
  ];
  const chosen = (...states: Parameters<typeof chooseLanes>[1]['states'] & {}) =>
    chooseLanes(lanes, { begun: null, states, look: 1_000 });
  expect(chosen('failed')).toEqual({ lanes: [1], more: false });
  expect(chosen('retrying')).toEqual({ lanes: [2], more: false });
  expect(chosen('sending')).toEqual({ lanes: [3], more: false });
  expect(chosen('waiting')).toEqual({ lanes: [2, 3], more: false });
  expect(chosen('capped')).toEqual({ lanes: [], more: false });
});

it('a lane of which nobody knows how many wait fills a page', () => {
  const everyone = { isDone: false, targets: null };
  const lanes = [lane(0, {}, everyone), lane(1, {}, everyone)];
  expect(chooseLanes(lanes, { begun: null, states: null, look: 50 })).toEqual({ lanes: [0], more: true });
});
