import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fcmKind } from './fcm-kind.ts';

const pem = (type: 'pkcs8' | 'pkcs1' = 'pkcs8') =>
  generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type, format: 'pem' }).toString();
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const account = {
  type: 'service_account',
  project_id: 'shop-12345',
  private_key_id: 'k1',
  private_key: pem(),
  client_email: 'push@shop-12345.iam.example',
  client_id: '1',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const settings = {
  kind: 'fcm',
  projectId: 'shop-12345',
  clientEmail: 'push@shop-12345.iam.example',
  privateKey: account.private_key,
  privateKeyId: 'k1',
  tokenUri: 'https://oauth2.googleapis.com/token',
  address: { kind: 'provider' },
};

describe('a service account for FCM', () => {
  it('is read as JSON, as its text, or as that in base64', () => {
    const text = JSON.stringify(account, null, 2);
    for (const service_account of [account, text, Buffer.from(text).toString('base64')]) {
      expect(fcmKind.read({ kind: 'fcm', service_account })).toEqual(settings);
    }
  });

  it('asks Google for tokens where it does not say whom', () => {
    const { token_uri: _, ...rest } = account;
    expect(fcmKind.read({ kind: 'fcm', service_account: rest })).toEqual(settings);
  });

  it('is shown without its key', () => {
    const shown = fcmKind.show(
      fcmKind.read({ kind: 'fcm', service_account: account, base_url: 'https://fcm.example' }),
    );
    expect(shown).toEqual({
      kind: 'fcm',
      project_id: 'shop-12345',
      client_email: 'push@shop-12345.iam.example',
      private_key_id: 'k1',
      base_url: 'https://fcm.example',
    });
    expect(fcmKind.secrets).toEqual(['privateKey']);
  });

  it.each<[string, object, RegExp]>([
    ['another type', { type: 'authorized_user' }, /^service_account must be .*type is "service_account"/],
    ['no project', { project_id: undefined }, /^service_account\.project_id must be/],
    ['a project with a path', { project_id: '../x' }, /^service_account\.project_id must be/],
    ['no address', { client_email: 7 }, /^service_account\.client_email must be/],
    ['no key', { private_key: 'nothing' }, /^service_account\.private_key must be a private key in PEM/],
    [
      'half a key',
      { private_key: account.private_key.slice(0, 400) },
      /^service_account\.private_key must be a whole RSA/,
    ],
    ['a key of another kind', { private_key: ecKey }, /^service_account\.private_key must be a whole RSA/],
    [
      'a token address that is none',
      { token_uri: 'file:///etc/passwd' },
      /^service_account\.token_uri must be/,
    ],
  ])('is refused with %s', (_, more, message) => {
    expect(() => fcmKind.read({ kind: 'fcm', service_account: { ...account, ...more } })).toThrow(message);
  });

  it.each(['', '{', '[]', 'bm90aGluZw=='])('is refused as %j', (text) => {
    expect(() => fcmKind.read({ kind: 'fcm', service_account: text })).toThrow(
      /^service_account must be the JSON/,
    );
  });
});
