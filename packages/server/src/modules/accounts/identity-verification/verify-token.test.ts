import { createHmac, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { keyObjectOf, pemOf, publicKeyOf } from './public-key.ts';
import { LEEWAY_S, verifyToken } from './verify-token.ts';
import type { VerificationKey } from './verify-token.ts';

const APP = '6a1f4d0e-8e0a-4c55-9d3e-2f0e6a1b9c11';
const NOW_S = 1_793_534_400;
const GOOD = { iss: APP, exp: NOW_S + 3_600, identity: { external_id: 'anna-42' } };

interface Pair {
  readonly key: VerificationKey;
  readonly pem: string;
  readonly secret: KeyObject;
}

async function makePair(): Promise<Pair> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { jwk, kid } = await publicKeyOf(publicKey);
  return { key: { kid, publicKey: keyObjectOf(jwk) }, pem: pemOf(jwk), secret: privateKey };
}

const [first, second] = await Promise.all([makePair(), makePair()]);

/** Signed by `pair` with any claims, also wrong ones. */
function sign(claims: object, pair: Pair = first, header: object = {}): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', ...header }).sign(pair.secret);
}

function verify(jwt: string, keys: readonly Pair[] = [first], nowMs = NOW_S * 1_000) {
  return verifyToken(jwt, { appId: APP, keys: keys.map(({ key }) => key), now: nowMs });
}

async function reasonOf(jwt: string, keys?: readonly Pair[], nowMs?: number): Promise<string> {
  const verified = await verify(jwt, keys, nowMs);
  return verified.ok ? 'good' : verified.fault.reason;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('a good token', () => {
  test('names its user, the addresses it may be given, and until when it is good', async () => {
    const subscriptions = [{ type: 'Email', token: 'anna@example.com' }];
    const identity = { external_id: 'anna-42', crm_id: 7 };
    expect(await verify(await sign({ ...GOOD, identity, subscriptions }))).toEqual({
      ok: true,
      token: {
        identity: [
          { label: 'external_id', value: 'anna-42' },
          { label: 'crm_id', value: '7' },
        ],
        subscriptions,
      },
      expiresAt: (GOOD.exp + LEEWAY_S) * 1_000,
    });
  });

  test('may have no subscriptions, claims of its own, and the id of its app in any case', async () => {
    const jwt = await sign({ ...GOOD, iss: APP.toUpperCase(), subscriptions: null, sub: 'x', scope: ['y'] });
    expect(await verify(jwt)).toMatchObject({ ok: true, token: { subscriptions: [] } });
  });
});

describe('the signature', () => {
  test('may be of any of the keys when the token names none', async () => {
    const keys = [first, second];
    expect(await reasonOf(await sign(GOOD, first), keys)).toBe('good');
    expect(await reasonOf(await sign(GOOD, second), keys)).toBe('good');
  });

  test('must be of the key that the token names', async () => {
    const keys = [first, second];
    expect(await reasonOf(await sign(GOOD, second, { kid: second.key.kid }), keys)).toBe('good');
    expect(await reasonOf(await sign(GOOD, second, { kid: first.key.kid }), keys)).toBe('wrong signature');
    expect(await reasonOf(await sign(GOOD, second, { kid: 'my-key' }), keys)).toBe('unknown key');
    expect(await reasonOf(await sign(GOOD, second, { kid: second.key.kid }), [first])).toBe('unknown key');
  });

  test('of a key that the app does not have is wrong, and without keys nothing is good', async () => {
    expect(await reasonOf(await sign(GOOD, second), [first])).toBe('wrong signature');
    expect(await reasonOf(await sign(GOOD), [])).toBe('unknown key');
  });

  test('covers the claims', async () => {
    const [header, , signature] = (await sign(GOOD)).split('.');
    const forged = encode({ ...GOOD, identity: { external_id: 'ben-7' } });
    expect(await reasonOf(`${header}.${forged}.${signature}`)).toBe('wrong signature');
  });

  test('is looked at before anything else is told', async () => {
    expect(await reasonOf(await sign({ ...GOOD, exp: 0, iss: 'x' }, second), [first])).toBe(
      'wrong signature',
    );
  });

  test.each(['none', 'None', 'HS256', 'ES384', 'RS256', 'es256', ''])(
    'of the algorithm %j is refused',
    async (alg) => {
      const [, payload, signature] = (await sign(GOOD)).split('.');
      expect(await reasonOf(`${encode({ alg })}.${payload}.${signature}`)).toBe('wrong algorithm');
      expect(await reasonOf(`${encode({ alg })}.${payload}.`)).toBe('wrong algorithm');
    },
  );

  test('by the public key as a secret is refused', async () => {
    const head = `${encode({ alg: 'HS256' })}.${encode(GOOD)}`;
    for (const secret of [
      first.pem,
      first.pem.trim(),
      first.key.publicKey.export({ type: 'spki', format: 'der' }),
    ]) {
      const mac = createHmac('sha256', secret).update(head).digest('base64url');
      expect(await reasonOf(`${head}.${mac}`)).toBe('wrong algorithm');
    }
  });

  test('of nothing under ES256 is wrong', async () => {
    const [header, payload] = (await sign(GOOD)).split('.');
    expect(await reasonOf(`${header}.${payload}.`)).toBe('wrong signature');
    expect(await reasonOf(`${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`)).toBe(
      'wrong signature',
    );
  });
});

test.each(['a.b.c', 'e30.e30.e30', '.', 'x', 'bnVsbA.e30.c2ln'])('%j is no token', async (jwt) => {
  expect(['malformed', 'wrong algorithm']).toContain(await reasonOf(jwt));
});

test('a payload that is no object, and an extension that must be understood, are refused', async () => {
  const header = { alg: 'ES256', crit: ['exotic'], exotic: 1 };
  const jwt = await new SignJWT({ ...GOOD })
    .setProtectedHeader(header)
    .sign(first.secret, { crit: { exotic: true } });
  expect(await reasonOf(jwt)).toBe('malformed');
});

describe('iss', () => {
  test.each([undefined, null, '', 'x', 5, [APP], `${APP} `, '6a1f4d0e-8e0a-4c55-9d3e-2f0e6a1b9c12'])(
    '%j is the wrong issuer',
    async (iss) => {
      expect(await reasonOf(await sign({ ...GOOD, iss }))).toBe('wrong issuer');
    },
  );
});

describe('exp', () => {
  test('is needed', async () => {
    const { exp: _, ...claims } = GOOD;
    expect(await verify(await sign(claims))).toEqual({
      ok: false,
      fault: { reason: 'wrong claim', detail: 'exp must be a time in seconds since 1970' },
    });
  });

  test.each(['2027-01-01', null, {}])('%j is not a time', async (exp) => {
    expect(await reasonOf(await sign({ ...GOOD, exp }))).toBe('wrong claim');
  });

  test('may have passed by the leeway, and no more', async () => {
    const jwt = await sign({ ...GOOD, exp: NOW_S });
    expect(await reasonOf(jwt, [first], (NOW_S + LEEWAY_S) * 1_000 - 1)).toBe('good');
    expect(await verify(jwt, [first], (NOW_S + LEEWAY_S) * 1_000)).toEqual({
      ok: false,
      fault: { reason: 'expired', detail: 'exp was 2026-11-01T12:00:00.000Z: sign a new token' },
    });
  });
});

describe('nbf', () => {
  test('may be ahead by the leeway, and no more', async () => {
    expect(await reasonOf(await sign({ ...GOOD, nbf: NOW_S + LEEWAY_S }))).toBe('good');
    expect(await reasonOf(await sign({ ...GOOD, nbf: NOW_S + LEEWAY_S + 1 }))).toBe('not yet valid');
  });

  test('that is no time is refused', async () => {
    expect(await reasonOf(await sign({ ...GOOD, nbf: 'tomorrow' }))).toBe('wrong claim');
  });
});

describe('identity', () => {
  test.each([
    undefined,
    null,
    'anna-42',
    {},
    [],
    ['anna-42'],
    { external_id: '' },
    { external_id: null },
    { external_id: true },
    { external_id: { id: 'anna-42' } },
    { external_id: 'anna-42', crm_id: null },
  ])('%j names nobody', async (identity) => {
    expect(await reasonOf(await sign({ ...GOOD, identity }))).toBe('wrong claim');
  });
});

describe('subscriptions', () => {
  test.each([
    {},
    'anna@example.com',
    ['anna@example.com'],
    [{ type: 'Email' }],
    [{ token: 'x' }],
    [null],
    [{ type: 1, token: 'x' }],
  ])('%j are refused', async (subscriptions) => {
    expect(await reasonOf(await sign({ ...GOOD, subscriptions }))).toBe('wrong claim');
  });
});
