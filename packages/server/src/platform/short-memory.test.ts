import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { FakeClock } from '@carillon/test-kit';
import { ShortMemory } from './short-memory.ts';

function memory(load: (key: string) => Promise<string | null>, clock = new FakeClock()) {
  let loads = 0;
  const counted = (key: string) => {
    loads += 1;
    return load(key);
  };
  return { clock, loads: () => loads, memory: new ShortMemory(clock, { lifeMs: 100, most: 2 }, counted) };
}

test('what was loaded is remembered for its life, and callers at once share one load', async () => {
  const { memory: keys, clock, loads } = memory(async (key) => key);
  expect(await Promise.all([keys.get('a'), keys.get('a')])).toEqual(['a', 'a']);
  await clock.advance(99);
  await keys.get('a');
  expect(loads()).toBe(1);
  await clock.advance(1);
  await keys.get('a');
  expect(loads()).toBe(2);
});

test('what was not found or failed is asked for again', async () => {
  const answers = [Promise.resolve(null), Promise.reject(new Error('away')), Promise.resolve('a')];
  const { memory: keys } = memory(() => answers.shift()!);
  expect(await keys.get('a')).toBeNull();
  await expect(keys.get('a')).rejects.toThrow('away');
  expect(await keys.get('a')).toBe('a');
});

test('a load that was under way when its key was forgotten is not remembered', async () => {
  const door = new EventEmitter();
  const slow = once(door, 'loaded').then(([value]) => value as string);
  const answers = [slow, Promise.resolve('new')];
  const { memory: keys } = memory(() => answers.shift()!);
  const early = keys.get('a');
  keys.forget('a');
  expect(await keys.get('a')).toBe('new');
  door.emit('loaded', 'old');
  expect(await early).toBe('old');
  expect(await keys.get('a')).toBe('new');
});

test('no more is held than it may hold', async () => {
  const { memory: keys, loads } = memory(async (key) => key);
  for (const key of ['a', 'b', 'c', 'a']) await keys.get(key);
  expect(loads()).toBe(4);
});
