import { expect, it } from 'vitest';
import { readTimeOffset, writeTimeOffset } from './time-offset.ts';

const ID = '01a196fb-2988-7728-a91b-63d8aa388032';
const AT = Date.UTC(2026, 0, 31, 9, 0, 0, 123);

it('a token is base64 of time and id, and leads back to them', () => {
  const token = writeTimeOffset({ at: AT, id: ID });
  expect(Buffer.from(token, 'base64').toString()).toBe(`2026-01-31T09:00:00.123Z#${ID}`);
  expect(readTimeOffset(token)).toEqual({ at: AT, id: ID });
});

it('a time stands behind everything that is due then', () => {
  expect(readTimeOffset('2026-01-31T10:00:00.123+01:00')).toEqual({
    at: AT,
    id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  });
});

it('anything else is refused by name', () => {
  for (const text of ['', 'yesterday', 'bm8=', writeTimeOffset({ at: AT, id: 'no-uuid' }), '2026-13-01']) {
    expect(() => readTimeOffset(text)).toThrow('time_offset must be');
  }
});
