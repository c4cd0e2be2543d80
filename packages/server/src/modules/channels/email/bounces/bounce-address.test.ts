import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { bounceAddressOf, readBounceAddress } from './bounce-address.ts';

const master = randomBytes(32);
const signer = new TokenSigner({ current: master, previous: [] });
const reference = {
  lane: 7,
  messageId: '0197a3b0-0000-7000-8000-000000000001',
  subscriptionId: 'f6a0c0de-1111-4222-8333-444455556666',
};
const now = Date.parse('2026-11-26T12:00:00Z');
const DAY = 24 * 3_600_000;
const address = bounceAddressOf(signer, reference, 'bounces.shop.example', now);

describe('a bounce address', () => {
  it('names its delivery, within what a local part may have', () => {
    expect(address).toMatch(/^[a-z2-7]{64}@bounces\.shop\.example$/);
    expect(readBounceAddress(signer, address, now)).toEqual(reference);
  });

  it('is known in any case, as mail servers write it', () => {
    expect(readBounceAddress(signer, address.toUpperCase(), now)).toEqual(reference);
  });

  it('is known after the master key has changed', () => {
    const later = new TokenSigner({ current: randomBytes(32), previous: [master] });
    expect(readBounceAddress(later, address, now)).toEqual(reference);
  });

  it('is good for four weeks at least and for five at most', () => {
    expect(readBounceAddress(signer, address, now + 28 * DAY)).toEqual(reference);
    expect(readBounceAddress(signer, address, now + 35 * DAY)).toBeNull();
    expect(readBounceAddress(signer, address, now - 7 * DAY)).toBeNull();
  });

  it.each([
    ['another domain', address.replace('shop', 'other')],
    [
      'another key',
      bounceAddressOf(
        new TokenSigner({ current: randomBytes(32), previous: [] }),
        reference,
        'bounces.shop.example',
        now,
      ),
    ],
    ['no mark', `${address.slice(0, 52)}@bounces.shop.example`],
    ['another letter', `${address[0] === 'a' ? 'b' : 'a'}${address.slice(1)}`],
    ['letters of its own', `${'1'.repeat(64)}@bounces.shop.example`],
    ['no domain', address.slice(0, 64)],
  ])('is none of ours with %s', (_, other) => {
    expect(readBounceAddress(signer, other, now)).toBeNull();
  });
});

it('base32 gives back what it was given, of any length', () => {
  expect(toBase32(Buffer.from('foobar'))).toBe('mzxw6ytboi');
  for (let length = 0; length < 50; length += 1) {
    const bytes = randomBytes(length);
    expect(fromBase32(toBase32(bytes))).toEqual(bytes);
  }
});
