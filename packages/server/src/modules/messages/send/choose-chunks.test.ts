import { expect, test } from 'vitest';
import type { DueChunk } from '../claim-store.ts';
import { chooseChunks } from './choose-chunks.ts';
import { Room } from './room.ts';

const PAGE = 100;

function due(appId: string, count: number, asked = 256): DueChunk[] {
  return Array.from({ length: count }, (_, lane) => ({
    messageId: appId,
    lane,
    appId,
    channel: 'email',
    priority: 'broadcast',
    targets: null,
    asked,
  }));
}

test('chunks are chosen of each app in turn, the oldest first', () => {
  const { chosen, waiting } = chooseChunks([...due('a', 3), ...due('b', 1)], new Room(2_000), PAGE);
  expect(chosen.map(({ appId, lane }) => `${appId}${lane}`)).toEqual(['a0', 'b0', 'a1', 'a2']);
  expect(waiting).toEqual([]);
});

test('what does not fit waits, and nothing is taken of the room itself', () => {
  const room = new Room(2_000);
  const { chosen, waiting } = chooseChunks([...due('a', 30), ...due('b', 2)], room, PAGE);
  expect(chosen.filter(({ appId }) => appId === 'a').length).toBe(9);
  expect(chosen.filter(({ appId }) => appId === 'b').length).toBe(2);
  expect(waiting).toEqual([{ priority: 'broadcast', appId: 'a', channel: 'email' }]);
  expect(room.full()).toEqual([]);
});

test('an app of which as many came as were asked for may have more', () => {
  const { waiting } = chooseChunks(due('a', 2, 2), new Room(2_000), PAGE);
  expect(waiting).toEqual([{ priority: 'broadcast', appId: 'a', channel: 'email' }]);
});
