import { describe, expect, it } from 'vitest';
import type { Arrival } from './arrival.ts';
import { judge } from './judge.ts';
import type { Evidence } from './judge.ts';

const came = (callId: string, nodeId: string, at: number, more: Partial<Arrival> = {}): Arrival => ({
  callId,
  runId: 'run',
  nodeId,
  at,
  isSigned: true,
  isTaken: true,
  ...more,
});
const both = [came('a', 'first', 10_000), came('b', 'second', 20_000)];
const books = {
  events: 1,
  left: 0,
  delivered: 2,
  givenUp: 0,
  disabled: [],
  taken: new Map([
    ['a', 1],
    ['b', 1],
  ]),
};

/** One event, whose run makes two calls. */
const good: Evidence = {
  arrivals: both,
  books,
  callsARun: 2,
  accepted: 1,
  troubles: [],
  kills: 3,
  unfinished: 0,
};

describe('the judge of webhooks', () => {
  it('finds nothing where each call came once', () => {
    expect(judge(good)).toMatchObject({ broken: [], figures: { lost: 0, duplicated: 0, unaccounted: 0 } });
  });

  it('finds nothing where a call came again that was not answered, or whose sender was killed', () => {
    const arrivals = [came('a', 'first', 9_000, { isTaken: false }), ...both, came('b', 'second', 40_000)];
    expect(judge({ ...good, arrivals, troubles: [{ from: 21_000, to: 21_100 }] })).toMatchObject({
      broken: [],
      figures: { lost: 0, duplicated: 0, unaccounted: 0, doubled_in_doubt: 1 },
    });
  });

  it.each<[string, Partial<Evidence>, object]>([
    ['did not come', { arrivals: both.slice(1) }, { lost: 1 }],
    [
      'was never taken',
      { arrivals: [came('a', 'first', 1, { isTaken: false }), ...both.slice(1)] },
      { lost: 1 },
    ],
    ['is of an event that is not stored', { accepted: 2 }, { lost: 1 }],
    ['came again without a reason', { arrivals: [...both, came('b', 'second', 40_000)] }, { duplicated: 1 }],
    [
      'came again after a kill that was over before',
      { arrivals: [...both, came('b', 'second', 40_000)], troubles: [{ from: 5_000, to: 5_100 }] },
      { duplicated: 1 },
    ],
    [
      'came under another id',
      {
        arrivals: [...both, came('c', 'second', 30_000)],
        books: { ...books, taken: new Map([...books.taken, ['c', 1]]) },
      },
      { duplicated: 1 },
    ],
    [
      'was written down twice',
      { books: { ...books, taken: new Map([...books.taken, ['a', 2]]) } },
      { duplicated: 1 },
    ],
    ['is a stranger', { books: { ...books, taken: new Map([['a', 1]]) } }, { unaccounted: 1 }],
    [
      'is not signed',
      { arrivals: [came('a', 'first', 1, { isSigned: false }), ...both.slice(1)] },
      { unaccounted: 1 },
    ],
    ['is left', { books: { ...books, left: 1 } }, { unaccounted: 1 }],
    ['is counted wrongly', { books: { ...books, delivered: 3 } }, { unaccounted: 1 }],
    ['is of a run that is not at its end', { unfinished: 1 }, { unaccounted: 1 }],
    ['was given up', { books: { ...books, givenUp: 1 } }, { given_up: 1 }],
  ])('says that a call %s', (_, change, figures) => {
    const verdict = judge({ ...good, ...change });
    expect(verdict.figures).toMatchObject(figures);
    expect(verdict.broken.length).toBeGreaterThan(0);
  });
});
