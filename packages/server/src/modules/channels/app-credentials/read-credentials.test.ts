import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MASK } from './masked.ts';
import { readCredentials } from './read-credentials.ts';
import type { AppAccounts } from './read-credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const p8 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
  .trim();
const account = JSON.stringify({
  type: 'service_account',
  project_id: 'shop-12345',
  client_email: 'push@shop-12345.iam.example',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
});

const NONE: AppAccounts = { ios: null, android: null };
const KEY = {
  apns_p8: base64(p8),
  apns_key_id: 'ABC123DEFG',
  apns_team_id: 'DEF123GHIJ',
  apns_bundle_id: 'com.example.shop',
};
const settings = {
  kind: 'apns',
  key: p8,
  keyId: 'ABC123DEFG',
  teamId: 'DEF123GHIJ',
  bundleId: 'com.example.shop',
  environment: 'production',
  address: { kind: 'provider' },
};

describe('the credentials of an app', () => {
  it('are a signing key for Apple and a service account for Google', () => {
    const read = readCredentials(
      { ...KEY, apns_env: 'development', fcm_v1_service_account_json: base64(account) },
      NONE,
    );
    expect(read.ios).toEqual({ ...settings, environment: 'sandbox' });
    expect(read.android).toMatchObject({ kind: 'fcm', projectId: 'shop-12345' });
  });

  const before = readCredentials({ ...KEY, fcm_v1_service_account_json: base64(account) }, NONE);

  it('stay as they are when an app is sent back as it was read', () => {
    const read = {
      ...KEY,
      apns_p8: MASK,
      apns_env: 'production',
      fcm_v1_service_account_json: MASK,
      gcm_key: null,
      apns_p12: null,
    } as const;
    expect(readCredentials(read, before)).toEqual(before);
    expect(readCredentials({}, before)).toEqual(before);
  });

  it('change in what is named', () => {
    expect(readCredentials({ apns_key_id: 'ZZZ123DEFG', apns_env: 'sandbox' }, before).ios).toEqual({
      ...settings,
      keyId: 'ZZZ123DEFG',
      environment: 'sandbox',
    });
    expect(readCredentials({ apns_p8: base64(p8) }, before).ios).toEqual(settings);
  });

  it('keep the address at which the app reaches them', () => {
    const address = { kind: 'elsewhere', origin: 'https://proxy.example' } as const;
    const proxied = { ...before, ios: before.ios && { ...before.ios, address } };
    expect(readCredentials({ apns_p8: base64(p8) }, proxied).ios).toEqual({ ...settings, address });
  });

  it('are gone with null', () => {
    expect(readCredentials({ apns_p8: null }, before)).toEqual({ ...before, ios: null });
    expect(readCredentials({ fcm_v1_service_account_json: null }, before)).toEqual({
      ...before,
      android: null,
    });
    // What the app has not got anyway.
    expect(readCredentials({ apns_p12: null }, before)).toEqual(before);
  });

  it.each<[string, object, RegExp]>([
    ['a key without its id', { apns_p8: KEY.apns_p8 }, /^apns_bundle_id is required beside apns_p8$/],
    ['a key without its team', { ...KEY, apns_team_id: null }, /^apns_team_id is required beside apns_p8$/],
    ['an id without a key', { apns_key_id: 'ABC123DEFG' }, /^apns_key_id says nothing without apns_p8/],
    ['a key that is none', { ...KEY, apns_p8: 'eA==' }, /^apns_p8 must be the text of a \.p8 file/],
    ['a bundle id that is none', { ...KEY, apns_bundle_id: 'shop' }, /^apns_bundle_id must be letters/],
    [
      'both a key and a certificate',
      { ...KEY, apns_p12: 'eA==' },
      /^apns_p8 cannot be combined with apns_p12/,
    ],
    ['a certificate without an app', { apns_p12: 'eA==' }, /^apns_bundle_id is required beside apns_p12$/],
    [
      'a certificate that is none',
      { apns_p12: 'eA==', apns_bundle_id: 'com.example.shop' },
      /^apns_p12 must be a \.p12 file in base64 that apns_p12_password opens/,
    ],
    [
      'a service account that is none',
      { fcm_v1_service_account_json: 'eA==' },
      /^fcm_v1_service_account_json must be the JSON of a service account/,
    ],
    [
      'half a service account',
      { fcm_v1_service_account_json: base64('{"type":"service_account"}') },
      /^fcm_v1_service_account_json\.project_id must be/,
    ],
    ['a key of the ended API', { gcm_key: 'AIza' }, /^gcm_key cannot be used: Google has ended/],
    ['a certificate of old Safari', { safari_apns_p12: 'eA==' }, /^safari_apns_p12 cannot be used: Safari/],
  ])('are refused with %s', (_, body, message) => {
    expect(() => readCredentials(body, NONE)).toThrow(message);
  });
});
