import { describe, expect, it } from 'vitest';
import { Turns, UNLIMITED } from './turns.ts';
import type { Turn } from './turns.ts';

const settle = () => new Promise((resolve) => void setImmediate(resolve));
const account = { account: 'smtp', recipients: 100 };

/** Takes a turn and writes down when it was given. */
function taker(turns: Turns) {
  const inside: string[] = [];
  const given = new Map<string, Turn>();
  return {
    inside,
    take: (name: string, weight: number, capacity = account) => {
      void turns.take(capacity, weight).then((turn) => {
        inside.push(name);
        given.set(name, turn);
      });
    },
    leave: (name: string) => given.get(name)?.leave(),
    shrink: (name: string, to: number) => given.get(name)?.shrink(to),
  };
}

describe('turns', () => {
  it('let in what there is room for, and the next when one leaves', async () => {
    const { inside, take, leave } = taker(new Turns());
    take('a', 60);
    take('b', 40);
    take('c', 50);
    await settle();
    expect(inside).toEqual(['a', 'b']);
    leave('a');
    await settle();
    expect(inside).toEqual(['a', 'b', 'c']);
  });

  it('let light pages go before heavy ones', async () => {
    const { inside, take, leave } = taker(new Turns());
    take('a', 100);
    take('heavy', 90);
    take('light', 1);
    await settle();
    leave('a');
    await settle();
    expect(inside).toEqual(['a', 'light', 'heavy']);
  });

  it('let a page that is larger than all the room go alone', async () => {
    const { inside, take, leave } = taker(new Turns());
    take('a', 1);
    take('b', 500);
    await settle();
    expect(inside).toEqual(['a']);
    leave('a');
    await settle();
    expect(inside).toEqual(['a', 'b']);
  });

  it('let others in when a page turns out to be smaller than it could have been', async () => {
    const { inside, take, shrink, leave } = taker(new Turns());
    take('a', 100);
    take('b', 95);
    take('c', 95);
    await settle();
    shrink('a', 5);
    await settle();
    expect(inside).toEqual(['a', 'b']);
    leave('a');
    leave('b');
    await settle();
    expect(inside).toEqual(['a', 'b', 'c']);
  });

  it('keep accounts apart, and hold nobody back where there is no limit', async () => {
    const { inside, take } = taker(new Turns());
    take('a', 100);
    take('b', 100, { account: 'other', recipients: 100 });
    take('c', 10_000, UNLIMITED);
    await settle();
    expect(inside.toSorted()).toEqual(['a', 'b', 'c']);
  });
});
