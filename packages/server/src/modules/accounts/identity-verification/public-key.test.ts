import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pemOf, readPublicKey } from './public-key.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = pair.publicKey.export({ format: 'jwk' });

/** The key of RFC 7517, appendix A.1, with its thumbprint by RFC 7638. */
const KNOWN = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
};

async function ruleOf(given: unknown): Promise<string> {
  const read = readPublicKey(given);
  await expect(read).rejects.toMatchObject({ code: 'request-invalid' });
  return read.then(
    () => '',
    (error: Error) => error.message,
  );
}

test('a key is the same as PEM and as JWK, and comes back as PEM', async () => {
  const read = await readPublicKey(pem);
  expect(read).toEqual(await readPublicKey(jwk));
  expect(pemOf(read.jwk)).toBe(pem);
});

test('white space and Windows line ends around PEM do no harm', async () => {
  expect(await readPublicKey(`\n  ${pem.replaceAll('\n', '\r\n')}\r\n`)).toEqual(await readPublicKey(pem));
});

test('only the point of a JWK is kept, and its kid is the thumbprint', async () => {
  expect(await readPublicKey({ ...KNOWN, use: 'sig', alg: 'ES256' })).toEqual({
    jwk: KNOWN,
    kid: 'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
  });
});

test('a JWK with a kid of its own is refused, because tokens could not name it', async () => {
  const { kid } = await readPublicKey(jwk);
  expect(await readPublicKey({ ...jwk, kid })).toMatchObject({ kid });
  expect(await ruleOf({ ...jwk, kid: 'my-key' })).toContain(`sign with the kid ${kid} or with none`);
});

describe('a private key is refused by name', () => {
  const sec1 = pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test.each([
    ['SEC 1', sec1],
    ['PKCS 8', pkcs8],
    ['behind a public one', `${pem}${pkcs8}`],
    ['JWK', pair.privateKey.export({ format: 'jwk' })],
    ['a secret', { kty: 'oct', k: 'c2VjcmV0' }],
  ])('%s', async (_name, given) => {
    expect(await ruleOf(given)).toMatch(
      /^public_key is a private key, which must stay where tokens are signed/,
    );
  });
});

describe('another kind of key is refused', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
  const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey;
  const ed25519 = generateKeyPairSync('ed25519').publicKey;

  test.each([
    ['ec, secp384r1', p384],
    ['ec, secp256k1', secp256k1],
    ['rsa', rsa],
    ['ed25519', ed25519],
  ])('%s', async (name, key) => {
    const rule = `public_key must be a key of the curve P-256, because tokens are signed with ES256, not ${name}`;
    expect(await ruleOf(key.export({ type: 'spki', format: 'pem' }).toString())).toBe(rule);
    expect(await ruleOf(key.export({ format: 'jwk' }))).toBe(rule);
  });
});

test.each([
  null,
  5,
  '',
  'abc',
  [],
  [KNOWN],
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  '-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----',
])('%j has no form that is read', async (given) => {
  expect(await ruleOf(given)).toBe(
    'public_key must be PEM text that begins with -----BEGIN PUBLIC KEY-----, or a JWK',
  );
});

test.each([
  '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  {},
  { kty: 'EC' },
  { ...KNOWN, crv: 'P-521' },
  { ...KNOWN, y: KNOWN.x },
  { ...KNOWN, x: '' },
])('%j holds no readable key', async (given) => {
  expect(await ruleOf(given)).toMatch(/holds no readable public key$/);
});
