import { describe, expect, it } from 'vitest';
import { makeVapidKeys } from './vapid-keys.ts';
import { webPushKind } from './web-push-kind.ts';

const subject = 'mailto:ops@shop.example';
const body = { kind: 'vapid', subject } as const;
const [pair, other] = [makeVapidKeys(), makeVapidKeys()];
const given = (publicKey: string, privateKey: string) => ({
  ...body,
  vapid_public_key: publicKey,
  vapid_private_key: privateKey,
});

describe('the settings of web push', () => {
  it('get a pair of their own when none is given', () => {
    const first = webPushKind.read(body);
    expect(first).toMatchObject({ kind: 'vapid', subject });
    expect(Buffer.from(first.publicKey, 'base64url')).toHaveLength(65);
    expect(webPushKind.read(body).publicKey).not.toBe(first.publicKey);
  });

  it('keep the pair that browsers have subscribed with, until another is given', () => {
    const before = webPushKind.read(given(pair.publicKey, pair.privateKey));
    const changed = webPushKind.read({ ...body, subject: 'https://shop.example' }, before);
    expect(changed).toEqual({ ...before, subject: 'https://shop.example' });
    expect(webPushKind.read(given(other.publicKey, other.privateKey), before)).toMatchObject(other);
  });

  it('take a pair that was made elsewhere, in either alphabet of base64', () => {
    const [open, secret] = [pair.publicKey, pair.privateKey].map((key) =>
      Buffer.from(key, 'base64url').toString('base64'),
    ) as [string, string];
    expect(webPushKind.read(given(open, secret))).toEqual({ kind: 'vapid', subject, ...pair });
  });

  it('show everything but the private key', () => {
    const settings = webPushKind.read(given(pair.publicKey, pair.privateKey));
    expect(webPushKind.show(settings)).toEqual({ kind: 'vapid', subject, vapid_public_key: pair.publicKey });
    expect(webPushKind.secrets).toEqual(['privateKey']);
  });

  it.each([
    [{ ...body, vapid_public_key: pair.publicKey }, /vapid_private_key is missing/],
    [{ ...body, vapid_private_key: pair.privateKey }, /vapid_public_key is missing/],
    [given(pair.publicKey, other.privateKey), /vapid_public_key must be the public key that belongs/],
    [given(pair.publicKey, 'short'), /vapid_private_key must be the 32 bytes/],
    [{ ...body, subject: 'ops@shop.example' }, /subject must be mailto:/],
    [{ ...body, subject: 'http://shop.example' }, /subject must be mailto:/],
    [{ ...body, subject: 'mailto:nobody' }, /subject must be mailto:/],
  ])('%o is refused by name and rule', (wrong, sentence) => {
    expect(() => webPushKind.read(wrong)).toThrow(sentence);
  });
});
