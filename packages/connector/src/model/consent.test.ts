import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_KNOWN, afterFact, afterLook, decideConsent } from './consent.ts';
import type { KnownConsent, RowConsent } from './consent.ts';

/** What happens in the world, at its moment. */
type Happening =
  | { readonly at: number; readonly kind: 'row'; readonly granted: boolean }
  | { readonly at: number; readonly kind: 'told'; readonly granted: boolean };

/** What the connector does. `look` reads the row as it then is; `hear` is the feed, however late. */
type Step =
  | { readonly kind: 'look'; readonly at: number }
  | { readonly kind: 'hear'; readonly fact: Happening };

function rowAt(world: readonly Happening[], moment: number, isDated: boolean): RowConsent {
  let row: RowConsent = { granted: true, at: isDated ? 0 : null };
  for (const { kind, at, granted } of world) {
    if (kind === 'row' && at <= moment) row = { granted, at: isDated ? at : null };
  }
  return row;
}

/** A crash keeps what was kept and does the step again. */
function play(world: readonly Happening[], steps: readonly Step[], isDated: boolean, crashAfter: number) {
  let known: KnownConsent = NOTHING_KNOWN;
  let enabled = true;
  for (const [i, step] of steps.entries()) {
    for (let times = i === crashAfter ? 2 : 1; times > 0; times -= 1) {
      if (step.kind === 'hear') known = afterFact(known, step.fact);
      else {
        const row = rowAt(world, step.at, isDated);
        known = afterLook(known, row, step.at);
        enabled = decideConsent(row, known).granted;
      }
    }
  }
  return { known, enabled };
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Every world of up to three happenings, at moments 10, 20, 30. */
const WORLDS: Happening[][] = [1, 2, 3].flatMap((length) => {
  const kinds: Omit<Happening, 'at'>[] = (['row', 'told'] as const).flatMap((kind) =>
    [true, false].map((granted) => ({ kind, granted })),
  );
  let worlds: Happening[][] = [[]];
  for (let i = 0; i < length; i += 1) {
    worlds = worlds.flatMap((world) =>
      kinds.map((happening) => [...world, { ...happening, at: (i + 1) * 10 }]),
    );
  }
  return worlds;
});

/**
 * Looks at the row after each of its changes and at the end, as changes and passes make them; facts are
 * heard at any place among them. Looks keep their order: they are made when their moment has come.
 */
function interleavings(world: readonly Happening[]): Step[][] {
  const looks: Step[] = [...world.filter(({ kind }) => kind === 'row'), { at: 40 }].map(({ at }) => ({
    kind: 'look',
    at,
  }));
  const facts: Step[] = world.filter(({ kind }) => kind === 'told').map((fact) => ({ kind: 'hear', fact }));
  let mixed: Step[][] = permutations(facts);
  for (const look of looks.toReversed()) {
    const later = new Set(looks.slice(looks.indexOf(look) + 1));
    mixed = mixed.flatMap((steps) => {
      const first = steps.findIndex((step) => later.has(step));
      const places = first === -1 ? steps.length : first;
      return Array.from({ length: places + 1 }, (_, place) => steps.toSpliced(place, 0, look));
    });
  }
  return mixed;
}

/** The naive judge: reads the whole story at once. */
function newestWord(world: readonly Happening[]): boolean {
  return world.at(-1)?.granted ?? true;
}

/** Without dates: a no of the layer holds until a no and then a yes of the row come after it. */
function undatedWord(world: readonly Happening[]): boolean {
  const rows = world.filter(({ kind }) => kind === 'row');
  if (rows.at(-1)?.granted === false) return false;
  const told = world.findLast(({ kind }) => kind === 'told');
  if (told === undefined || told.granted) return true;
  return rows.some(({ granted, at }) => !granted && at >= told.at);
}

describe('consent in two directions, over every interleaving', () => {
  it('is the newest word where rows tell when, whatever comes late, twice or in another order', () => {
    let tried = 0;
    for (const world of WORLDS) {
      for (const steps of interleavings(world)) {
        for (let crash = -1; crash < steps.length; crash += 1) {
          // What is decided once everything is known: the last look of a pass.
          const { known } = play(world, steps, true, crash);
          const { granted } = decideConsent(rowAt(world, 40, true), known);
          expect({ world, steps, granted }).toEqual({ world, steps, granted: newestWord(world) });
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThan(1000);
  });

  it('turns nobody on against a no, where rows do not tell when, until the row said no and then yes', () => {
    for (const world of WORLDS) {
      for (const steps of interleavings(world)) {
        for (let crash = -1; crash < steps.length; crash += 1) {
          const { known } = play(world, steps, false, crash);
          const { granted } = decideConsent(rowAt(world, 40, false), known);
          expect({ world, steps, granted }).toEqual({ world, steps, granted: undatedWord(world) });
        }
      }
    }
  });

  it('never turns on because a row is read again', () => {
    const word = fc.record({ granted: fc.boolean(), at: fc.integer({ min: 0, max: 50 }) });
    const facts = fc.array(word, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(facts, fc.option(fc.integer({ min: 0, max: 50 })), fc.nat(4), (told, at, again) => {
        const row: RowConsent = { granted: true, at };
        let known = NOTHING_KNOWN;
        for (const fact of told) known = afterFact(known, fact);
        const first = decideConsent(row, known).granted;
        for (let i = 0; i <= again; i += 1) known = afterLook(known, row, 1000 + i);
        expect(decideConsent(row, known).granted).toBe(first);
      }),
    );
  });

  it('knows the same whatever the order in which it learned it', () => {
    const word = fc.record({ granted: fc.boolean(), at: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.array(fc.nat(9), { maxLength: 6 }), (facts, noes) => {
        const no: RowConsent = { granted: false, at: null };
        const learn = [
          ...facts.map((fact) => (known: KnownConsent) => afterFact(known, fact)),
          ...noes.map((at) => (known: KnownConsent) => afterLook(known, no, at)),
        ];
        const forward = learn.reduce((known, one) => one(known), NOTHING_KNOWN);
        const backward = learn.toReversed().reduce((known, one) => one(known), NOTHING_KNOWN);
        const twice = [...learn, ...learn].reduce((known, one) => one(known), NOTHING_KNOWN);
        expect(backward).toEqual(forward);
        expect(twice).toEqual(forward);
      }),
    );
  });

  it('takes the no of two words of one moment', () => {
    const known = afterFact(NOTHING_KNOWN, { granted: false, at: 10 });
    expect(decideConsent({ granted: true, at: 10 }, known).granted).toBe(false);
    const yes = afterFact(NOTHING_KNOWN, { granted: true, at: 10 });
    expect(decideConsent({ granted: false, at: 10 }, yes).granted).toBe(false);
  });
});
