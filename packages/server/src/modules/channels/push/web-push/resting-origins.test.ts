import { FakeClock } from '@carillon/test-kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { RestingOrigins } from './resting-origins.ts';

const ORIGIN = 'https://push.example';

let clock: FakeClock;
let origins: RestingOrigins;
beforeEach(() => {
  clock = new FakeClock();
  origins = new RestingOrigins(clock);
});

const silence = (requests: number) => {
  for (let count = 0; count < requests; count += 1) origins.silent(ORIGIN);
};

describe('a push service that does not answer', () => {
  it('is asked until twenty requests in a row were in vain, and others meanwhile', () => {
    silence(19);
    expect(origins.mayAsk(ORIGIN)).toBe(true);
    silence(1);
    expect(origins.mayAsk(ORIGIN)).toBe(false);
    expect(origins.mayAsk('https://other.example')).toBe(true);
  });

  it('is tried by one request after ten seconds, and again after ten more', async () => {
    silence(20);
    await clock.advance(10_000);
    expect([origins.mayAsk(ORIGIN), origins.mayAsk(ORIGIN)]).toEqual([true, false]);
    await clock.advance(10_000);
    expect([origins.mayAsk(ORIGIN), origins.mayAsk(ORIGIN)]).toEqual([true, false]);
  });

  it('is asked as before when it has answered', () => {
    silence(20);
    origins.answered(ORIGIN);
    expect([origins.mayAsk(ORIGIN), origins.mayAsk(ORIGIN)]).toEqual([true, true]);
    silence(19);
    origins.answered(ORIGIN);
    silence(19);
    expect(origins.mayAsk(ORIGIN)).toBe(true);
  });
});
