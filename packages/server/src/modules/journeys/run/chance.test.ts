import { describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import type { SplitNode } from '../definition/definition.ts';
import { chooseBranch, isHeldOut, spreadOver } from './chance.ts';
import { branch, split } from './fixtures/definitions.ts';

const users = Array.from({ length: 2_000 }, newId);

const node = (isRandom: boolean) =>
  split(
    1,
    [
      [80, branch(2)],
      [20, branch(3)],
      [0, branch(4)],
    ],
    isRandom,
  ) as SplitNode;

describe('chance', () => {
  it('holds out the share that is asked for, and a larger share keeps those of a smaller one', () => {
    const held = (percent: number) => users.filter((user) => isHeldOut(percent, 'journey', user));
    expect(held(0)).toEqual([]);
    expect(held(100)).toHaveLength(users.length);
    const ten = held(10);
    expect(Math.abs(ten.length - 200)).toBeLessThan(60);
    expect(held(20)).toEqual(expect.arrayContaining(ten));
  });

  it('splits by weight, the same user the same way where it is told to', () => {
    const chosen = users.map(
      (user) => chooseBranch(node(true), { journeyId: 'j', runId: user, userId: 'u' }).key,
    );
    expect(Math.abs(chosen.filter((key) => key === 2).length - 1_600)).toBeLessThan(100);
    expect(chosen).not.toContain(4);
    const sticky = users.map(
      (runId) => chooseBranch(node(false), { journeyId: 'j', runId, userId: 'u' }).key,
    );
    expect(new Set(sticky).size).toBe(1);
  });

  it('spreads runs over a time, each at the same moment whenever it is asked', () => {
    const moments = users.map((user) => spreadOver(900_000, user, 1));
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...moments)).toBeLessThan(900_000);
    expect(users.map((user) => spreadOver(900_000, user, 1))).toEqual(moments);
  });
});
