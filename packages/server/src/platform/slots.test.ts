import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

/** A work that goes on until it is ended. */
function newWork() {
  const ends: (() => void)[] = [];
  const work = () => new Promise<string>((resolve) => ends.push(() => resolve('done')));
  return { work, end: () => ends[0]?.(), hasBegun: () => ends.length > 0 };
}

describe('slots', () => {
  it('let so many works go on at a time, and the others in the order in which they came', async () => {
    const slots = new Slots(2);
    const works = Array.from({ length: 5 }, newWork);
    const results = works.map(({ work }) => slots.run(work));
    const begun = () => works.map(({ hasBegun }) => hasBegun());
    expect(begun()).toEqual([true, true, false, false, false]);
    works[1]?.end();
    await results[1];
    expect(begun()).toEqual([true, true, true, false, false]);
    works[0]?.end();
    await results[0];
    expect(begun()).toEqual([true, true, true, true, false]);
    works[2]?.end();
    await results[2];
    works[3]?.end();
    works[4]?.end();
    expect(await Promise.all(results)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect(slots.isIdle).toBe(true);
  });

  it.each([
    ['fails', async () => Promise.reject(new Error('no'))],
    [
      'throws before it has begun',
      () => {
        throw new Error('no');
      },
    ],
  ])('are given back by a work that %s', async (_, work) => {
    const slots = new Slots(1);
    const [failed, next] = [slots.run(work), slots.run(async () => 'next')];
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
    expect(slots.isIdle).toBe(true);
  });
});
