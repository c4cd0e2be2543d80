import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { rateLimitSchema, readRateLimit } from './rate-limit-setting.ts';

describe('a rate limit as a setting', () => {
  it.each([
    ['6000', { limit: 6_000, window_seconds: 1 }],
    [6_000, { limit: 6_000, window_seconds: 1 }],
    ['10/60', { limit: 10, window_seconds: 60 }],
    ['1000000/3600', { limit: 1_000_000, window_seconds: 3_600 }],
    ['off', { limit: null, window_seconds: 1 }],
  ])('of %j is understood', (value, limit) => {
    expect(Value.Check(rateLimitSchema, value)).toBe(true);
    expect(readRateLimit(value)).toEqual(limit);
  });

  it.each(['0', 0, '', 'OFF', '1.5', '-1', '10/0', '10/3601', '10/', '1000001', 1_000_001, '10 / 60'])(
    'of %j is refused',
    (value) => {
      expect(Value.Check(rateLimitSchema, value)).toBe(false);
    },
  );
});
