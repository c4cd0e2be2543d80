import { expect, it } from 'vitest';
import { ErasedCounts, lanesOfPeople } from './lanes-of-people.ts';
import type { Person } from './personal-data.ts';

const person = (name: string, lane: number, lanes: readonly number[]): Person => ({
  appId: 'app',
  users: [{ lane, userId: `user ${name}` }],
  subscriptions: [{ id: `subscription ${name}`, lanes }],
  aliases: [],
  addresses: [],
});
const people = [person('a', 7, [7]), person('b', 7, [3, 7])];

it('people are looked for lane by lane, each where they and their subscriptions have been', () => {
  expect(lanesOfPeople(people)).toEqual([
    { lane: 3, users: [], subscriptions: ['subscription b'] },
    { lane: 7, users: ['user a', 'user b'], subscriptions: ['subscription a', 'subscription b'] },
  ]);
});

it('what is erased counts for the person that an id names', () => {
  const counts = new ErasedCounts(people);
  counts.add(['user b'], 2);
  counts.add([null, 'subscription b'], 1);
  counts.add(['somebody else', null], 5);
  counts.leaveUnfinished(['somebody else', 'subscription a']);
  expect(counts.results()).toEqual([
    { rows: 0, isUnfinished: true },
    { rows: 3, isUnfinished: false },
  ]);
});
