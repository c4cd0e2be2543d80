import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.ts';
import { judge } from './judge.ts';
import type { Evidence } from './judge.ts';

const came = (eventId: string, n: number, phase: number): Arrival => ({
  stream: 'single',
  eventId,
  user: 'anna',
  n,
  isSigned: true,
  phase,
});
const inOrder = [0, 1].flatMap((phase) => [came('a', 0, phase), came('b', 1, phase)]);

/** Two events of one user, to a webhook, to a table, and all of it replayed. */
const good: Evidence = {
  webhooks: ['single'],
  arrivals: inOrder,
  feed: ['a', 'b'],
  table: ['a', 'b'],
  accepted: 2,
  kills: 3,
  triesWhileDown: 9,
  givenUp: 0,
};

describe('the judge of streams', () => {
  it('finds nothing where nothing is wrong, also when something came twice', () => {
    const arrivals = [
      came('a', 0, 0),
      came('a', 0, 0),
      came('b', 1, 0),
      came('a', 0, 0),
      ...inOrder.slice(2),
    ];
    expect(judge({ ...good, arrivals })).toMatchObject({
      broken: [],
      figures: { lost: 0, duplicated: 0, unaccounted: 0, repeated: 2 },
    });
  });

  it.each([
    ['came nowhere', { arrivals: inOrder.filter(({ eventId }) => eventId === 'a') }, { lost: 2 }],
    ['is not replayed', { arrivals: inOrder.slice(0, 3) }, { lost: 1 }],
    ['is not in the table', { table: ['a'] }, { lost: 1 }],
    ['is not in the feed', { accepted: 3 }, { lost: 1 }],
    ['is in the table twice', { table: ['a', 'b', 'b'] }, { duplicated: 1 }],
    ['came before an earlier one', { arrivals: inOrder.toReversed() }, { out_of_order: 4, unaccounted: 4 }],
    ['is a stranger', { arrivals: [...inOrder, { ...came('c', 2, 1) }] }, { unaccounted: 1 }],
    [
      'is not signed',
      { arrivals: [...inOrder, { ...came('a', 0, 1), isSigned: false }] },
      { unaccounted: 1 },
    ],
    ['was given up', { givenUp: 1 }, { given_up: 1 }],
    ['cost too much', { triesWhileDown: 1_000 }, { tries_while_down: 1_000 }],
  ])('says that an event %s', (_, change, figures) => {
    const verdict = judge({ ...good, ...change });
    expect(verdict.figures).toMatchObject(figures);
    expect(verdict.broken.length).toBeGreaterThan(0);
  });
});
