import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientIdentity, clientPkcs12, serverIdentity } from '../../../../fixtures/certificates.ts';
import { apnsCertificateKind } from './apns-certificate-kind.ts';
import { apnsKind } from './apns-kind.ts';

const pem = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
    .trim();
const key = pem('P-256');

const given = {
  kind: 'apns',
  key,
  key_id: 'ABC123DEFG',
  team_id: 'DEF123GHIJ',
  bundle_id: 'com.example.shop',
} as const;
const settings = {
  kind: 'apns',
  key,
  keyId: 'ABC123DEFG',
  teamId: 'DEF123GHIJ',
  bundleId: 'com.example.shop',
  environment: 'production',
  address: { kind: 'provider' },
};

describe('a signing key for APNs', () => {
  it('is read from the text of its file, or from that in base64', () => {
    expect(apnsKind.read(given)).toEqual(settings);
    expect(apnsKind.read({ ...given, key: Buffer.from(`${key}\n`).toString('base64') })).toEqual(settings);
  });

  it('is never shown', () => {
    const shown = apnsKind.show(
      apnsKind.read({ ...given, environment: 'sandbox', base_url: 'http://10.0.0.1:8080/' }),
    );
    expect(shown).toEqual({
      kind: 'apns',
      key_id: 'ABC123DEFG',
      team_id: 'DEF123GHIJ',
      bundle_id: 'com.example.shop',
      environment: 'sandbox',
      base_url: 'http://10.0.0.1:8080',
    });
    expect(apnsKind.secrets).toEqual(['key']);
  });

  it.each([
    ['no key', { key: 'nothing' }, /^key must be the text of a \.p8 file/],
    ['a key of another curve', { key: pem('P-384') }, /^key must be/],
    [
      'a public key',
      {
        key: generateKeyPairSync('ec', { namedCurve: 'P-256' })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      },
      /^key must be/,
    ],
    ['a bundle id with a path', { bundle_id: 'com.example/shop' }, /^bundle_id must be/],
    ['an address with a path', { base_url: 'https://proxy.example/apns' }, /^base_url must be/],
    ['an address of another kind', { base_url: 'ftp://proxy.example' }, /^base_url must be/],
    ['an address with a password', { base_url: 'https://a:b@proxy.example' }, /^base_url must be/],
  ])('is refused with %s', (_, more, message) => {
    expect(() => apnsKind.read({ ...given, ...more })).toThrow(message);
  });
});

describe('a certificate for APNs', () => {
  const app = { kind: 'apns_certificate', bundle_id: 'com.example.shop' } as const;

  it('is read as PKCS #12, or as a certificate and its key', () => {
    const p12 = clientPkcs12.base64;
    expect(apnsCertificateKind.read({ ...app, p12, p12_password: clientPkcs12.passphrase })).toMatchObject({
      p12,
      p12Password: clientPkcs12.passphrase,
      certificate: null,
      privateKey: null,
    });
    const { cert, key: privateKey } = clientIdentity;
    expect(apnsCertificateKind.read({ ...app, certificate: cert, private_key: privateKey })).toMatchObject({
      p12: null,
      certificate: cert.trim(),
      privateKey: privateKey.trim(),
    });
  });

  it.each([
    ['nothing', {}, /^certificate is missing/],
    ['no key', { certificate: clientIdentity.cert }, /^private_key is missing/],
    [
      'the key of another',
      { certificate: clientIdentity.cert, private_key: serverIdentity.key },
      /^certificate must be/,
    ],
    [
      'a wrong password',
      { p12: clientPkcs12.base64, p12_password: 'wrong' },
      /^p12 must be .*`openssl pkcs12 -legacy/,
    ],
    ['no file', { p12: 'bm90aGluZw==' }, /^p12 must be/],
    ['both', { p12: clientPkcs12.base64, certificate: clientIdentity.cert }, /^p12 must stand alone/],
  ])('is refused with %s', (_, more, message) => {
    expect(() => apnsCertificateKind.read({ ...app, ...more })).toThrow(message);
  });
});
