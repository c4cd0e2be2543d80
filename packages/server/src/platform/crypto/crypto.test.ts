import { describe, expect, test } from 'vitest';
import { KeyedHash, SecretBox, TokenSigner, newMasterKey, parseMasterKeys } from './index.ts';

const old = newMasterKey();
const fresh = newMasterKey();
const refused = /unable to authenticate/;
const place = { appId: '11111111-1111-4111-8111-111111111111', channel: 'email' };

describe('master keys', () => {
  test('are base64 of 32 bytes, the current one first', () => {
    const keys = parseMasterKeys(`${fresh}, ${old}`);
    expect(Buffer.from(keys.current).toString('base64')).toBe(fresh);
    expect(keys.previous).toHaveLength(1);
  });

  test('of a wrong length are refused by position, without their text', () => {
    expect(() => parseMasterKeys(`${fresh},c2VjcmV0`)).toThrow(
      /^Master key 2 must be the base64 of 32 bytes/,
    );
    expect(() => parseMasterKeys('')).toThrow(/^Master key 1/);
  });
});

describe('a sealed secret', () => {
  const box = new SecretBox(parseMasterKeys(fresh));

  test('opens where it belongs', () => {
    const text = '{"host":"smtp.example.com","password":"größe"}';
    expect(box.open(box.seal(text, place), place)).toBe(text);
  });

  test('is never the same twice and never shows its text', () => {
    const [one, two] = [box.seal('password', place), box.seal('password', place)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes('password')).toBe(false);
  });

  test('does not open for another app or another channel', () => {
    const sealed = box.seal('x', place);
    expect(() => box.open(sealed, { ...place, channel: 'sms' })).toThrow(refused);
    expect(() => box.open(sealed, { ...place, appId: '22222222-2222-4222-8222-222222222222' })).toThrow(
      refused,
    );
  });

  test('does not open after any one byte has changed', () => {
    const sealed = box.seal('abc', place);
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      expect(() => box.open(altered, place)).toThrow(/unable to authenticate|version|configured/);
    }
    expect(() => box.open(sealed.subarray(0, -1), place)).toThrow(refused);
  });

  test('made with a previous key still opens and says that it is stale', () => {
    const sealed = new SecretBox(parseMasterKeys(old)).seal('kept', place);
    const rotated = new SecretBox(parseMasterKeys(`${fresh},${old}`));
    expect(rotated.open(sealed, place)).toBe('kept');
    expect(rotated.isStale(sealed)).toBe(true);
    expect(rotated.isStale(rotated.seal('kept', place))).toBe(false);
    expect(() => box.open(sealed, place)).toThrow('master key that is not configured');
  });
});

describe('a signed token', () => {
  const signer = new TokenSigner(parseMasterKeys(fresh));
  const bytes = Buffer.from('message and subscription');

  test('gives its bytes back for its purpose and fits in a URL', () => {
    const token = signer.sign('click', bytes);
    expect(token).toMatch(/^[\w-]+$/);
    expect(signer.verify('click', token)).toEqual(bytes);
    expect(signer.verify('click', signer.sign('click', Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  test('is the same for the same bytes', () => {
    expect(signer.sign('click', bytes)).toBe(signer.sign('click', bytes));
  });

  test('is refused for another purpose, under another key, altered, cut or empty', () => {
    const token = signer.sign('click', bytes);
    expect(signer.verify('unsubscribe', token)).toBeNull();
    expect(new TokenSigner(parseMasterKeys(old)).verify('click', token)).toBeNull();
    expect(signer.verify('click', (token.startsWith('A') ? 'B' : 'A') + token.slice(1))).toBeNull();
    expect(signer.verify('click', token.slice(0, -4))).toBeNull();
    expect(signer.verify('click', `${token}%`)).toBeNull();
    expect(signer.verify('click', '')).toBeNull();
    expect(signer.verify('click', '%%%')).toBeNull();
  });

  test('made with a previous key is still good', () => {
    const token = new TokenSigner(parseMasterKeys(old)).sign('click', bytes);
    expect(new TokenSigner(parseMasterKeys(`${fresh},${old}`)).verify('click', token)).toEqual(bytes);
  });
});

describe('a keyed hash', () => {
  const keys = parseMasterKeys(fresh);
  const hash = new KeyedHash(keys, 'erased aliases');

  test('is the same for the same parts, and for no others', () => {
    expect(hash.of('external_id', '42')).toEqual(hash.of('external_id', '42'));
    expect(hash.of('external_id', '42')).not.toEqual(hash.of('external_id4', '2'));
  });

  test('is another one for another purpose and under another key', () => {
    expect(new KeyedHash(keys, 'something else').of('42')).not.toEqual(hash.of('42'));
    expect(new KeyedHash(parseMasterKeys(old), 'erased aliases').of('42')).not.toEqual(hash.of('42'));
  });

  test('of a previous key is among those to look for', () => {
    const stored = new KeyedHash(parseMasterKeys(old), 'erased aliases').of('42');
    const rotated = new KeyedHash(parseMasterKeys(`${fresh},${old}`), 'erased aliases');
    expect(rotated.all('42')).toContainEqual(stored);
    expect(rotated.of('42')).toEqual(hash.of('42'));
  });
});
