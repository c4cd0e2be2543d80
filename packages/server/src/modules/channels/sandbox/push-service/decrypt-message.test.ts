import { createECDH, randomBytes } from 'node:crypto';
import { encrypt } from 'http_ece';
import { describe, expect, it } from 'vitest';
import { decryptMessage } from './decrypt-message.ts';

const newPair = () => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return pair;
};
const reader = { pair: newPair(), auth: randomBytes(16) };

/** By a library that is not ours. */
const sealed = (text: string, more: { rs?: number; pad?: number } = {}) =>
  encrypt(Buffer.from(text), {
    version: 'aes128gcm',
    privateKey: newPair(),
    dh: reader.pair.getPublicKey('base64url'),
    authSecret: reader.auth,
    ...more,
  });

describe('a message for the sandbox', () => {
  it.each([
    ['with words', 'Größe 42', {}],
    ['without any', '', {}],
    ['with zeros behind its end', 'padded', { pad: 100 }],
  ])('is read %s', (_, text, more) => {
    expect(decryptMessage(sealed(text, more), reader).toString()).toBe(text);
  });

  it.each([
    ['is too short', Buffer.alloc(40), /no aes128gcm/],
    ['has several records', sealed('x'.repeat(200), { rs: 60 }), /more than one record/],
  ])('is refused when it %s', (_, body, reason) => {
    expect(() => decryptMessage(body, reader)).toThrow(reason);
  });

  it('is refused when a bit of it has been changed', () => {
    const body = sealed('as it was');
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1;
    expect(() => decryptMessage(body, reader)).toThrow(/authenticate/);
  });
});
