import { expect, test } from 'vitest';
import { layTracks } from './lay-tracks.ts';

test('a user is in one track, in order, and who is new goes to the shortest', () => {
  const users = ['anna', 'bert', 'anna', 'anna', 'cara', 'dora', 'bert'];
  const events = users.map((userKey) => ({ userKey }));
  expect(layTracks(events, 2)).toEqual([
    [0, 2, 3],
    [1, 4, 5, 6],
  ]);
});

test('of a thousand users, no track has more than its share', () => {
  const events = Array.from({ length: 1_000 }, (_, n) => ({ userKey: `user ${n}` }));
  const lengths = layTracks(events, 32).map((track) => track.length);
  expect(Math.max(...lengths)).toBe(32);
  expect(lengths.reduce((sum, length) => sum + length)).toBe(1_000);
});

test('no events need no track', () => {
  expect(layTracks([], 0)).toEqual([]);
});
