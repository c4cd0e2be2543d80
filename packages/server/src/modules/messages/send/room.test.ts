import { expect, test } from 'vitest';
import type { Share } from '../claim-store.ts';
import { Room } from './room.ts';

const hanging = { priority: 'broadcast', appId: 'hanging', channel: 'email' } as const;
const other = { priority: 'broadcast', appId: 'other', channel: 'email' } as const;

function fill(room: Room, share: Share): number {
  let taken = 0;
  for (; room.left(share) > 0; taken += 10) room.take(share, 10);
  return taken;
}

test('an app alone gets half of the room', () => {
  expect(fill(new Room(1_000), hanging)).toBe(500);
});

test('however much one app holds, there is room for another, and for small sends of both', () => {
  const room = new Room(1_000);
  fill(room, hanging);
  expect(fill(room, other)).toBe(250);
  expect(fill(room, { priority: 'broadcast', appId: 'third', channel: 'email' })).toBeGreaterThan(0);
  expect(room.left({ priority: 'small', appId: 'hanging', channel: 'email' })).toBe(1_000);
});

test('who is full waits until half of what is free is free for it', () => {
  const room = new Room(1_000);
  fill(room, hanging);
  expect(room.full()).toEqual([hanging]);
  room.leave(hanging, 100);
  expect(room.full()).toEqual([]);
  expect(room.isRoomy(hanging)).toBe(false);
  room.leave(hanging, 100);
  expect(room.isRoomy(hanging)).toBe(true);
  room.leave(hanging, 300);
  expect(room.left(other)).toBe(1_000);
});
