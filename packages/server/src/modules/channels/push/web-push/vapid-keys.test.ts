import { createECDH, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { makeVapidKeys, publicKeyOf, signingKey, vapidKeysOf } from './vapid-keys.ts';

describe('a VAPID key pair', () => {
  it('has a public half of 65 bytes and a private one of 32, always', () => {
    for (let count = 0; count < 600; count += 1) {
      const { publicKey, privateKey } = makeVapidKeys();
      expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65);
      expect(Buffer.from(privateKey, 'base64url')).toHaveLength(32);
    }
  });

  it('is told by its private half, in either alphabet of base64', () => {
    const { publicKey, privateKey } = makeVapidKeys();
    expect(publicKeyOf(privateKey)).toBe(publicKey);
    expect(publicKeyOf(Buffer.from(privateKey, 'base64url').toString('base64'))).toBe(publicKey);
  });

  it('of an app that has set none is the same one with each start, and nobody else’s', () => {
    const keys = { current: randomBytes(32), previous: [] };
    const of = (appId: string) => vapidKeysOf(new TokenSigner(keys), appId);
    expect(of('one')).toEqual(of('one'));
    expect(of('one')).not.toEqual(of('two'));
    expect(publicKeyOf(of('one').privateKey)).toBe(of('one').publicKey);
  });

  it('signs, also when the private half is a small number', () => {
    const pair = createECDH('prime256v1');
    const privateKey = Buffer.alloc(32);
    privateKey[31] = 7;
    pair.setPrivateKey(privateKey);
    const keys = { publicKey: pair.getPublicKey('base64url'), privateKey: privateKey.toString('base64url') };
    expect(publicKeyOf(keys.privateKey)).toBe(keys.publicKey);
    expect(signingKey(keys).asymmetricKeyType).toBe('ec');
  });

  it.each(['', 'short', Buffer.alloc(32).toString('base64url'), Buffer.alloc(32, 255).toString('base64url')])(
    '%j is no private half',
    (privateKey) => expect(publicKeyOf(privateKey)).toBeNull(),
  );
});
