import { describe, expect, it } from 'vitest';
import { Meter } from './meter.ts';
import type { Grant } from './grant.ts';

function newMeter(): Meter {
  return new Meter({ ownerId: 'app', rate: 'users', address: '' });
}

function grant(change: Partial<Grant>): Grant {
  return { limit: 10, windowSeconds: 1, granted: 0, used: 0, window: 100, endsInMs: 800, ...change };
}

/** Takes so many requests, all of which must be let in. */
function use(meter: Meter, count: number, now: number): void {
  for (let one = 0; one < count; one += 1) expect(meter.take(now)).toMatchObject({ admitted: true });
}

describe('a meter', () => {
  it('asks before it knows anything', () => {
    const meter = newMeter();
    meter.waiting = 3;
    expect(meter.take(0)).toBe('ask');
    expect(meter.wanted(0)).toBe(3);
  });

  it('lets in what it holds, tells what is left, then asks for more while there is some', () => {
    const meter = newMeter();
    meter.receive(grant({ granted: 2, used: 5 }), 1_000);
    expect(meter.take(1_000)).toEqual({ admitted: true, limit: 10, remaining: 6, resetSeconds: 1 });
    expect(meter.take(1_001)).toEqual({ admitted: true, limit: 10, remaining: 5, resetSeconds: 1 });
    expect(meter.take(1_002)).toBe('ask');
  });

  it('refuses without asking when nothing is left for anyone, until the window ends', () => {
    const meter = newMeter();
    meter.receive(grant({ granted: 1, used: 10 }), 1_000);
    use(meter, 1, 1_000);
    expect(meter.take(1_799)).toEqual({ admitted: false, limit: 10, remaining: 0, resetSeconds: 1 });
    expect(meter.take(1_800)).toBe('ask');
  });

  it('spends nothing of a window that is over, nor on a clock that was set back', () => {
    const meter = newMeter();
    meter.receive(grant({ granted: 5, used: 5 }), 1_000);
    expect(meter.take(1_800)).toBe('ask');
    expect(meter.take(999)).toBe('ask');
  });

  it('asks again after a second in a long window, and keeps what it holds', () => {
    const meter = newMeter();
    const inMinute = { limit: 60, windowSeconds: 60, window: 120, endsInMs: 50_000 };
    meter.receive(grant({ ...inMinute, granted: 5, used: 5 }), 1_000);
    expect(meter.take(1_000)).toEqual({ admitted: true, limit: 60, remaining: 59, resetSeconds: 50 });
    expect(meter.take(2_000)).toBe('ask');
    expect(meter.wanted(2_000)).toBe(0);
    meter.receive(grant({ ...inMinute, endsInMs: 49_000, used: 7 }), 2_000);
    expect(meter.take(2_000)).toMatchObject({ admitted: true, remaining: 3 + 53 });
  });

  it('drops what it holds when the limit has changed', () => {
    const meter = newMeter();
    meter.receive(grant({ granted: 5, used: 5 }), 1_000);
    meter.receive(grant({ limit: 3, used: 5 }), 1_010);
    expect(meter.take(1_010)).toMatchObject({ admitted: false, limit: 3, remaining: 0 });
  });

  it('of a limit of 0 refuses everything, of no limit nothing', () => {
    const meter = newMeter();
    meter.receive(grant({ limit: 0 }), 1_000);
    expect(meter.take(1_000)).toMatchObject({ admitted: false, limit: 0 });
    meter.receive(grant({ limit: null, window: 0 }), 1_000);
    expect(meter.take(1_000)).toBe('unlimited');
  });

  it('lets everything in for a second when the database is away, then asks again', () => {
    const meter = newMeter();
    meter.receive(grant({ granted: 1, used: 10 }), 1_000);
    meter.open(1_000);
    expect([meter.take(1_000), meter.take(1_999), meter.take(2_000)]).toEqual([
      'unlimited',
      'unlimited',
      'ask',
    ]);
  });

  it('of an address spends a 64th before it asks, and then asks for that too', () => {
    const terms = newMeter();
    terms.receive(grant({ limit: 640, used: 0 }), 1_000);
    const meter = newMeter();
    expect(meter.take(1_000)).toBe('ask');
    expect(meter.borrow(terms)).toBe(true);
    expect(meter.take(1_000)).toEqual({ admitted: true, limit: 640, remaining: 639, resetSeconds: 1 });
    use(meter, 9, 1_000);
    expect(meter.take(1_000)).toBe('ask');
    meter.waiting = 1;
    expect(meter.wanted(1_000)).toBe(12);
    meter.receive(grant({ limit: 640, granted: 12, used: 12 }), 1_000);
    use(meter, 2, 1_000);
    expect(meter.take(1_000)).toBe('ask');
    expect(meter.borrow(terms)).toBe(false);
    // In the next window it may borrow again.
    terms.receive(grant({ limit: 640, window: 101 }), 2_000);
    expect(meter.borrow(terms)).toBe(true);
    use(meter, 10, 2_000);
  });

  it('of an address borrows nothing of a small limit, and knows at once that there is none', () => {
    const [terms, meter] = [newMeter(), newMeter()];
    terms.receive(grant({ limit: 63 }), 1_000);
    meter.borrow(terms);
    expect(meter.take(1_000)).toBe('ask');
    terms.receive(grant({ limit: 0 }), 1_000);
    meter.borrow(terms);
    expect(meter.take(1_000)).toMatchObject({ admitted: false });
    terms.receive(grant({ limit: null, window: 0 }), 1_000);
    meter.borrow(terms);
    expect(meter.take(1_000)).toBe('unlimited');
  });

  it('keeps what it borrowed of a window when an answer about the one before comes late', () => {
    const [terms, meter] = [newMeter(), newMeter()];
    terms.receive(grant({ limit: 640, window: 101 }), 2_000);
    meter.borrow(terms);
    use(meter, 10, 2_000);
    meter.receive(grant({ limit: 640, window: 100, granted: 20, used: 20 }), 1_900);
    expect(meter.take(2_000)).toBe('ask');
  });

  it('asks for an eighth of what it used, early, and little when it uses little', () => {
    const meter = newMeter();
    meter.receive(grant({ limit: 1_000, granted: 800, used: 800 }), 1_000);
    use(meter, 399, 1_000);
    expect(meter.isLow).toBe(false);
    use(meter, 1, 1_000);
    expect(meter.isLow).toBe(true);
    use(meter, 400, 1_000);
    expect(meter.wanted(1_000)).toBe(100);
    meter.receive(grant({ limit: 1_000, granted: 1, used: 1, window: 101 }), 2_000);
    use(meter, 1, 2_000);
    expect(meter.wanted(2_000)).toBe(100);
    // Nothing was used in the windows between.
    meter.receive(grant({ limit: 1_000, granted: 1, used: 1, window: 105 }), 6_000);
    use(meter, 1, 6_000);
    expect(meter.wanted(6_000)).toBe(1);
  });
});
