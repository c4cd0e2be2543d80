import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

const calm = {
  kills: 3,
  expected: new Map([
    ['1', 'Ada'],
    ['2', 'Bob'],
  ]),
  users: new Map([
    ['1', 'Ada'],
    ['2', 'Bob'],
  ]),
  paid: [1, 2],
  shipped: [3],
  events: [2, 1],
  messages: [3],
};

describe('the judge of the connector', () => {
  it('is content where both sides say the same', () => {
    expect(judge(calm)).toEqual({
      figures: { kills: 3, lost: 0, duplicated: 0, unaccounted: 0 },
      broken: [],
    });
  });

  it('finds users that differ, that are missing and that nobody asked for', () => {
    const users = new Map([
      ['1', 'Eve'],
      ['3', 'Zoe'],
    ]);
    expect(judge({ ...calm, users })).toEqual({
      figures: { kills: 3, lost: 2, duplicated: 0, unaccounted: 1 },
      broken: [
        'user 1 should be Ada and is Eve',
        'user 2 should be Bob and is not there',
        'user 3 is there, and no row is',
      ],
    });
  });

  it('finds an event lost, one twice, and a message without an order', () => {
    expect(judge({ ...calm, events: [1, 1], messages: [3, 9] })).toEqual({
      figures: { kills: 3, lost: 1, duplicated: 1, unaccounted: 1 },
      broken: [
        '1 orders with an event lost',
        '1 orders with an event duplicated',
        '1 orders with a message unaccounted',
      ],
    });
  });
});
