import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { readSubscriberKeys } from './subscriber-keys.ts';

const publicKey = Buffer.concat([Buffer.from([4]), randomBytes(64)]);
const auth = randomBytes(16);

it.each(['base64', 'base64url'] as const)('the keys of a browser are read as %s', (alphabet) => {
  const device = { web_p256: publicKey.toString(alphabet), web_auth: auth.toString(alphabet) };
  expect(readSubscriberKeys(device)).toEqual({ publicKey, auth });
});

const good = { web_p256: publicKey.toString('base64'), web_auth: auth.toString('base64') };
it.each([
  [undefined, /^the subscription has no web_p256/],
  [{ ...good, web_p256: null }, /^the subscription has no web_p256/],
  [{ ...good, web_auth: '' }, /^the subscription has no web_auth/],
  [{ ...good, web_p256: 'not a key' }, /^web_p256 of the subscription is not an uncompressed/],
  [
    { ...good, web_p256: randomBytes(33).toString('base64') },
    /^web_p256 of the subscription is not an uncompressed/,
  ],
  [
    { ...good, web_auth: randomBytes(15).toString('base64') },
    /^web_auth of the subscription is not 16 bytes/,
  ],
])('%o is told to be no keys', (device, reason) => {
  expect(() => readSubscriberKeys(device)).toThrow(reason);
});
