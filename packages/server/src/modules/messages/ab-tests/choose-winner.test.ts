import { expect, it } from 'vitest';
import { chooseWinner } from './choose-winner.ts';

function result(name: string, sent: number, hits: number, cancelled = false) {
  return { name, sent, hits, cancelled };
}

it('the best rate wins, not the most hits', () => {
  const results = [result('A', 1_000, 90), result('B', 100, 10), result('C', 500, 40)];
  expect(chooseWinner(results)).toEqual({ name: 'B', reason: 'metric' });
});

it('of several with the same rate the first wins, however few it was sent to', () => {
  const results = [result('A', 10, 1), result('B', 3, 1), result('C', 6, 2), result('D', 300, 100)];
  expect(chooseWinner(results)).toEqual({ name: 'B', reason: 'tie' });
});

it('without a single hit the first wins', () => {
  expect(chooseWinner([result('A', 10, 0), result('B', 0, 0)])).toEqual({ name: 'A', reason: 'no_data' });
});

it('a variant that was sent to nobody does not win against one that was', () => {
  expect(chooseWinner([result('A', 0, 0), result('B', 10, 1)])).toEqual({ name: 'B', reason: 'metric' });
});

it('a variant that was cancelled does not win, and without others there is no winner', () => {
  const results = [result('A', 10, 9, true), result('B', 10, 1), result('C', 10, 0)];
  expect(chooseWinner(results)).toEqual({ name: 'B', reason: 'metric' });
  expect(chooseWinner([result('A', 10, 9, true), result('B', 10, 1, true)])).toBeNull();
});
