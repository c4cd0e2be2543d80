import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaneState } from './plan-ownership.ts';
import { planOwnership, shareOf } from './plan-ownership.ts';

const LANES = 256;
const names = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 12 });

/** Lanes with owners among `alive`, among the dead, or with none. */
const lanesOf = (alive: readonly string[]) =>
  fc
    .array(fc.constantFrom(...alive, 'dead-1', 'dead-2', null), { minLength: LANES, maxLength: LANES })
    .map((owners) => owners.map((owner, lane): LaneState => ({ lane, owner, epoch: 1 })));

/** Every owner acts on its plan, one after the other, as the compare-and-set on the epoch has it. */
function everyoneActs(alive: readonly string[], lanes: readonly LaneState[]): LaneState[] {
  const state = lanes.map((lane) => ({ ...lane }));
  for (const me of alive) {
    const plan = planOwnership(me, alive, state);
    for (const { lane } of plan.release) state[lane] = { lane, owner: null, epoch: state[lane]?.epoch ?? 0 };
    for (const { lane } of plan.take) state[lane] = { lane, owner: me, epoch: (state[lane]?.epoch ?? 0) + 1 };
  }
  return state;
}

describe('planOwnership', () => {
  it('gives every lane to a living owner, in equal shares, after everyone has acted twice', () => {
    fc.assert(
      fc.property(
        names.chain((alive) => fc.tuple(fc.constant(alive), lanesOf(alive))),
        ([alive, lanes]) => {
          const settled = everyoneActs(alive, everyoneActs(alive, lanes));
          const counts = alive.map((me) => settled.filter((lane) => lane.owner === me).length);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(LANES);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never takes a lane from a living owner', () => {
    fc.assert(
      fc.property(
        names.chain((alive) => fc.tuple(fc.constant(alive), lanesOf(alive))),
        ([alive, lanes]) => {
          const plan = planOwnership(alive[0] ?? '', alive, lanes);
          expect(plan.take.filter(({ owner }) => owner !== null && alive.includes(owner))).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('changes nothing once the shares are right', () => {
    const lanes = Array.from({ length: LANES }, (_, lane) => ({
      lane,
      owner: lane % 2 ? 'a' : 'b',
      epoch: 1,
    }));
    expect(planOwnership('a', ['a', 'b'], lanes)).toMatchObject({ take: [], release: [] });
  });
});

describe('shareOf', () => {
  it('adds up to all lanes', () => {
    const alive = ['a', 'b', 'c'];
    expect(alive.map((me) => shareOf(me, alive, LANES))).toEqual([86, 85, 85]);
  });

  it('is nothing for an owner that is not alive', () => {
    expect(shareOf('x', ['a'], LANES)).toBe(0);
  });
});
