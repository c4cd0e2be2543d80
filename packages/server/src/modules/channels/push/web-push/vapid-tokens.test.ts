import { FakeClock } from '@carillon/test-kit';
import { compactVerify, importJWK } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeVapidKeys } from './vapid-keys.ts';
import { VapidTokens } from './vapid-tokens.ts';

const HOUR_MS = 3_600_000;
const ORIGIN = 'https://push.example';
const settings = { kind: 'vapid', subject: 'mailto:ops@shop.example', ...makeVapidKeys() } as const;

let clock: FakeClock;
let tokens: VapidTokens;
beforeEach(() => {
  clock = new FakeClock();
  tokens = new VapidTokens(clock);
});

/** Verified by a library that is not ours, with the key that the push service is told. */
async function claimsOf(authorization: string) {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  const point = Buffer.from(key, 'base64url');
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  const { payload, protectedHeader } = await compactVerify(
    token,
    await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256'),
  );
  return { claims: JSON.parse(Buffer.from(payload).toString()) as unknown, protectedHeader, key };
}

describe('the token of an app for a push service', () => {
  it('says who sends to whom until when, signed with the key that it names', async () => {
    const { claims, protectedHeader, key } = await claimsOf(tokens.authorization(settings, ORIGIN));
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'ES256' });
    expect(key).toBe(settings.publicKey);
    expect(claims).toEqual({
      aud: ORIGIN,
      sub: settings.subject,
      exp: Math.floor((clock.now() + 12 * HOUR_MS) / 1_000),
    });
  });

  it('serves every request for half a day, and is renewed before it ends', async () => {
    const first = tokens.authorization(settings, ORIGIN);
    await clock.advance(10 * HOUR_MS);
    expect(tokens.authorization(settings, ORIGIN)).toBe(first);
    await clock.advance(HOUR_MS);
    expect(tokens.authorization(settings, ORIGIN)).not.toBe(first);
  });

  it('is another one for another push service, another key and another subject', () => {
    const all = [
      tokens.authorization(settings, ORIGIN),
      tokens.authorization(settings, 'https://other.example'),
      tokens.authorization({ ...settings, ...makeVapidKeys() }, ORIGIN),
      tokens.authorization({ ...settings, subject: 'https://shop.example' }, ORIGIN),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('is made anew after it was refused', () => {
    const first = tokens.authorization(settings, ORIGIN);
    expect(tokens.noteRefused(settings, ORIGIN)).toBe(false);
    // ES256 signs with a number of its own each time.
    expect(tokens.authorization(settings, ORIGIN)).not.toBe(first);
  });

  it('is no worse for a subscription that refuses it when another one has taken it', () => {
    const first = tokens.authorization(settings, ORIGIN);
    tokens.noteTaken(settings, ORIGIN);
    expect(tokens.noteRefused(settings, ORIGIN)).toBe(true);
    expect(tokens.authorization(settings, ORIGIN)).toBe(first);
    expect(tokens.noteRefused(settings, 'https://other.example')).toBe(false);
  });

  it('is forgotten when more push services are named than there can be', () => {
    const first = tokens.authorization(settings, ORIGIN);
    for (let count = 0; count < 1_000; count += 1) tokens.authorization(settings, `https://${count}.example`);
    expect(tokens.authorization(settings, ORIGIN)).not.toBe(first);
  });
});
