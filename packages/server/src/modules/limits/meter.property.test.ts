import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grant } from './grant.ts';
import { Meter } from './meter.ts';

const WINDOW_MS = 1_000;
const PROCESSES = 3;

/** What the database keeps of one limit, and what was really let in by the end of each window. */
class Windows {
  readonly #limit: number;
  readonly #used = new Map<number, number>();
  readonly admitted = new Map<number, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  reserve(wanted: number, now: number): Grant {
    const window = Math.floor(now / WINDOW_MS) + 1;
    const before = this.#used.get(window) ?? 0;
    const granted = Math.min(wanted, this.#limit - before);
    this.#used.set(window, before + granted);
    const endsInMs = window * WINDOW_MS - now;
    return { limit: this.#limit, windowSeconds: 1, granted, used: before + granted, window, endsInMs };
  }

  admit(now: number): void {
    const window = Math.floor(now / WINDOW_MS) + 1;
    this.admitted.set(window, (this.admitted.get(window) ?? 0) + 1);
  }
}

/** One process: its clock differs, and an answer under way reaches it later than it was given. */
interface Process {
  readonly meter: Meter;
  /** Where the meter borrows; asked apart from it. */
  readonly terms: Meter;
  readonly ahead: number;
  underWay: { readonly of: Meter; readonly grant: Grant; readonly askedAt: number } | null;
}

function newMeter(): Meter {
  return new Meter({ ownerId: 'app', rate: 'users', address: '' });
}

interface Step {
  readonly process: number;
  readonly does: 'request' | 'ask' | 'ask terms' | 'hear';
  readonly afterMs: number;
  readonly onTheWayMs: number;
}

interface Plan {
  readonly ahead: readonly number[];
  readonly steps: readonly Step[];
}

const step: fc.Arbitrary<Step> = fc.record({
  process: fc.nat({ max: PROCESSES - 1 }),
  does: fc.constantFrom<Step['does'][]>('request', 'request', 'request', 'ask', 'ask terms', 'hear', 'hear'),
  /** What passes before, and between asking and the database's answer. */
  afterMs: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 900 })),
  onTheWayMs: fc.nat({ max: 300 }),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  ahead: fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: PROCESSES, maxLength: PROCESSES }),
  steps: fc.array(step, { maxLength: 300 }),
});

/** Plays the steps; the most that was let in in one window. */
function play(limit: number, mayBorrow: boolean, { ahead, steps }: Plan): number {
  const windows = new Windows(limit);
  const processes = ahead.map((by): Process => ({
    meter: newMeter(),
    terms: newMeter(),
    ahead: by,
    underWay: null,
  }));
  let now = 1_000_000;
  for (const { process, does, afterMs, onTheWayMs } of steps) {
    now += afterMs;
    const one = processes[process];
    if (one === undefined) continue;
    const { meter, terms } = one;
    const ownNow = now + one.ahead;
    if (does === 'request') {
      let told = meter.take(ownNow);
      if (told === 'ask' && mayBorrow && terms.holds(ownNow) && meter.borrow(terms))
        told = meter.take(ownNow);
      if (told === 'ask') meter.waiting += 1;
      else if (told !== 'unlimited' && told.admitted) windows.admit(now);
    } else if (does === 'hear' && one.underWay !== null) {
      one.underWay.of.receive(one.underWay.grant, one.underWay.askedAt);
      one.underWay.of.waiting = 0;
      one.underWay = null;
    } else if (one.underWay === null) {
      const of = does === 'ask' ? meter : terms;
      const wanted = of.wanted(ownNow);
      now += onTheWayMs;
      one.underWay = { of, grant: windows.reserve(wanted, now), askedAt: ownNow };
    }
  }
  return Math.max(0, ...windows.admitted.values());
}

describe('whatever processes ask, hear and when', () => {
  it('no window lets in more than the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), plan, (limit, played) => {
        expect(play(limit, false, played)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 500 },
    );
  });

  it('no window lets in more of an address than the limit and a 64th for each further process', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), plan, (limit, played) => {
        const borrowed = Math.floor(limit / 64);
        expect(play(limit, true, played)).toBeLessThanOrEqual(limit + (PROCESSES - 1) * borrowed);
      }),
      { numRuns: 500 },
    );
  });
});
