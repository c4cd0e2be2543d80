import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../platform/ids.ts';
import { Circuit } from './circuit.ts';
import { shareOut } from './share-out.ts';
import type { Choice, SharedOut } from './share-out.ts';

const DOWN = Array.from({ length: 20 }, () => ({ state: 'retry', reason: 'no', afterMs: null }) as const);

function provider(more: Partial<Choice> = {}): Choice {
  return { order: 1, weight: 100, circuit: new Circuit(), ...more };
}

/** Went down at 0, and may be tried from 5,000 on. */
function down(more: Partial<Choice> = {}): Choice {
  const one = provider(more);
  one.circuit.judge(DOWN, 0);
  return one;
}

const people = (count: number, attempt = 1) =>
  Array.from({ length: count }, () => ({ subscriptionId: newId(), attempt }));
const closedTo = (...places: number[]) =>
  people(20).map((person) => ({ ...person, closed: new Set(places) }));
const sizes = ({ parts, left }: SharedOut) => ({
  parts: Object.fromEntries(parts.map(({ provider, places }) => [provider, places.length])),
  left: left.length,
});

describe('recipients of a page', () => {
  it('go through the provider of the lowest order, and through the next one while it is down', () => {
    expect(sizes(shareOut(people(50), [provider(), provider({ order: 2 })], 0))).toEqual({
      parts: { 0: 50 },
      left: 0,
    });
    expect(sizes(shareOut(people(50), [down(), provider({ order: 2 })], 4_999))).toEqual({
      parts: { 1: 50 },
      left: 0,
    });
  });

  it('try one whose pause is over with a few, and go through the next one with the others', () => {
    const providers = [down(), provider({ order: 2 })];
    expect(sizes(shareOut(people(50), providers, 5_000))).toEqual({ parts: { 0: 8, 1: 42 }, left: 0 });
    // It is being tried: nobody else tries it.
    expect(sizes(shareOut(people(50), providers, 5_000))).toEqual({ parts: { 1: 50 }, left: 0 });
  });

  it('wait when nobody works, but for a few who try', () => {
    expect(sizes(shareOut(people(50), [down(), down({ order: 2 })], 4_999))).toEqual({ parts: {}, left: 50 });
    expect(sizes(shareOut(people(50), [down(), down()], 5_000))).toEqual({ parts: { 0: 8, 1: 8 }, left: 34 });
  });

  it('do not try a spare one while one before it works', () => {
    expect(sizes(shareOut(people(50), [provider(), down({ order: 2 })], 9_000))).toEqual({
      parts: { 0: 50 },
      left: 0,
    });
  });

  it('do not go through one that is closed to them, and wait where all are', () => {
    const providers = [provider(), provider({ order: 2 })];
    expect(sizes(shareOut(closedTo(0), providers, 0))).toEqual({ parts: { 1: 20 }, left: 0 });
    expect(sizes(shareOut(closedTo(0, 1), providers, 0))).toEqual({ parts: {}, left: 20 });
    expect(sizes(shareOut(closedTo(0), [down(), provider()], 5_000)).parts[1]).toBe(20);
  });

  it('are divided by weight among equals', () => {
    const { parts } = sizes(shareOut(people(4_000), [provider({ weight: 300 }), provider()], 0));
    expect(parts[0]).toBeGreaterThan(2_800);
    expect(parts[0]).toBeLessThan(3_200);
  });

  it('stay with their provider, and go to the next one at each further attempt', () => {
    const providers = [provider(), provider(), provider({ order: 2 })];
    const [one] = people(1);
    const through = (attempt: number) =>
      shareOut([{ subscriptionId: '', ...one, attempt }], providers, 0).parts[0]?.provider ?? -1;
    expect(through(1)).toBe(through(1));
    expect(new Set([through(1), through(2), through(3)])).toEqual(new Set([0, 1, 2]));
    expect(through(4)).toBe(through(1));
  });

  it('are each in one part or left, whatever works', () => {
    const some = fc.record({
      order: fc.integer({ min: 1, max: 3 }),
      weight: fc.integer({ min: 1, max: 1_000 }),
      isDown: fc.boolean(),
    });
    const now = fc.constantFrom(0, 5_000);
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 40 }),
        now,
        (made, count, now) => {
          const sorted = made.toSorted((a, b) => a.order - b.order);
          const providers = sorted.map(({ isDown, ...more }) => (isDown ? down(more) : provider(more)));
          const { parts, left } = shareOut(people(count), providers, now);
          const places = [...parts.flatMap((part) => part.places), ...left].toSorted((a, b) => a - b);
          expect(places).toEqual(Array.from({ length: count }, (_, place) => place));
          const nobodyWorks = made.every(({ isDown }) => isDown);
          expect(nobodyWorks || left.length === 0).toBe(true);
          for (const part of parts) part.admission.end();
        },
      ),
    );
  });
});
