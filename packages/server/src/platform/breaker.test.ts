import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

const failed = { afterMs: null, isWhole: false };

describe('a breaker', () => {
  it('trips at the fifth failure in a row, those of earlier rounds counted', () => {
    const breaker = new Breaker(3, () => true);
    breaker.noteFailure(failed);
    expect([breaker.mayGoOn, breaker.hasTripped]).toEqual([true, false]);
    breaker.noteFailure(failed);
    expect([breaker.mayGoOn, breaker.hasTripped, breaker.failures]).toEqual([false, true, 5]);
  });

  it('counts from the beginning after anything was taken', () => {
    const breaker = new Breaker(4, () => true);
    breaker.noteTaken();
    breaker.noteFailure(failed);
    expect([breaker.mayGoOn, breaker.failures, breaker.taken]).toEqual([true, 1, 1]);
  });

  it('trips at once when a whole batch fails', () => {
    const breaker = new Breaker(0, () => true);
    breaker.noteFailure({ afterMs: null, isWhole: true });
    expect(breaker.hasTripped).toBe(true);
  });

  it('stops, without having tripped, when it is asked to wait', () => {
    const breaker = new Breaker(0, () => true);
    breaker.noteFailure({ afterMs: 60_000, isWhole: false });
    expect([breaker.mayGoOn, breaker.hasTripped, breaker.afterMs]).toEqual([false, false, 60_000]);
  });

  it('stops when the work is another’s', () => {
    expect(new Breaker(0, () => false).mayGoOn).toBe(false);
  });
});
