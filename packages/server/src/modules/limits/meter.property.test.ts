import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Meter } from './meter.ts';
import type { Grant } from './meter.ts';

const WINDOW_MS = 1_000;

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
  readonly ahead: number;
  underWay: { readonly grant: Grant; readonly askedAt: number } | null;
}

const step = fc.record({
  process: fc.nat({ max: 2 }),
  does: fc.constantFrom('request', 'request', 'request', 'ask', 'hear'),
  /** What passes before, and between asking and the database's answer. */
  afterMs: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 900 })),
  onTheWayMs: fc.nat({ max: 300 }),
});

it('never lets in more than the limit in any window, whatever processes ask, hear and when', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 3, maxLength: 3 }),
      fc.array(step, { maxLength: 200 }),
      (limit, clocks, steps) => {
        const windows = new Windows(limit);
        const processes: Process[] = clocks.map((ahead) => ({
          meter: new Meter({ ownerId: 'app', rate: 'users', address: '' }),
          ahead,
          underWay: null,
        }));
        let now = 1_000_000;
        for (const { process, does, afterMs, onTheWayMs } of steps) {
          now += afterMs;
          const one = processes[process];
          if (one === undefined) continue;
          if (does === 'request') {
            const told = one.meter.take(now + one.ahead);
            if (told === 'ask') one.meter.waiting += 1;
            else if (told !== 'unlimited' && told.admitted) windows.admit(now);
          } else if (does === 'ask' && one.underWay === null) {
            const askedAt = now + one.ahead;
            const wanted = one.meter.wanted(askedAt);
            now += onTheWayMs;
            one.underWay = { grant: windows.reserve(wanted, now), askedAt };
          } else if (does === 'hear' && one.underWay !== null) {
            one.meter.receive(one.underWay.grant, one.underWay.askedAt);
            one.meter.waiting = 0;
            one.underWay = null;
          }
        }
        for (const admitted of windows.admitted.values()) expect(admitted).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 500 },
  );
});
