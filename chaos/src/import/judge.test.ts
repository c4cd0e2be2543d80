import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { Evidence } from './judge.ts';

const counts = { rows: 2, created: 2, updated: 0, unchanged: 0, rejected: 0 };
const state = { people: ['a', 'b'], rejects: '0', created: 2, counts };
const view = { users: 3, users_removed: 1, users_restored: 1, users_left: 1 };
const undo = { view, before: { people: ['a', 'b'] }, after: { people: ['b'], created: 0 } };
const evidence: Evidence = { kills: 3, undisturbed: state, survived: state, undo, broken: [] };

test('the same state is no fault', () => {
  expect(judge(evidence).broken).toEqual([]);
});

test.each([
  [{ survived: { ...state, people: ['a'] } }, /1 people are not as/],
  [{ survived: { ...state, people: ['a', 'b', 'b'] } }, /1 people are as no/],
  [{ survived: { ...state, counts: { ...counts, created: 1, updated: 1 } } }, /the counts are/],
  [{ survived: { ...state, rejects: '1' } }, /rejected rows/],
  [{ survived: { ...state, created: 1 } }, /an undo knows of 1/],
  [{ undo: { ...undo, view: { ...view, users: 4 } } }, /an undo of 4 users tells of 1 \+ 1 \+ 1/],
  [{ undo: { ...undo, after: { people: [], created: 0 } } }, /2 users are gone/],
  [{ undo: { ...undo, after: { people: ['b'], created: 2 } } }, /2 users are still to be undone/],
  [{ broken: [{ rule: 'a rule', rows: 1 }] }, /1 rows: a rule/],
] as const)('a difference is told: %o', (different, words) => {
  expect(judge({ ...evidence, ...different }).broken.join()).toMatch(words);
});
