import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEmail, parseToken } from './address.ts';

test.each([
  [' Ann.Lee+news@Example.COM ', 'ann.lee+news@example.com'],
  ["o'hara@example.co.uk", "o'hara@example.co.uk"],
  ['jürgen@bücher.example', 'jürgen@xn--bcher-kva.example'],
  ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
])('the email %j becomes %j', (given, expected) => {
  expect(parseEmail(given)).toBe(expected);
});

test.each([
  '',
  'ann',
  '@example.com',
  'ann@',
  'ann@example',
  'ann@@example.com',
  'ann lee@example.com',
  'ann@-example.com',
  'ann@example..com',
  'a..b@example.com',
  'ann@example.com\nBcc: x@example.com',
  'Ann <ann@example.com>',
  `${'x'.repeat(65)}@example.com`,
  `a@${'x'.repeat(250)}.com`,
])('the email %j is refused', (given) => {
  expect(() => parseEmail(given)).toThrow(/^subscription\.token/);
});

test('an email keeps its one spelling however often and in whatever case it comes back', () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9]{1,10}$/);
  fc.assert(
    fc.property(part, part, (name, host) => {
      const email = parseEmail(`${name}@${host}.example`);
      expect(parseEmail(email)).toBe(email);
      expect(parseEmail(` ${email.toUpperCase()}\t`)).toBe(email);
    }),
  );
});

test('a refusal tells the value', () => {
  expect(() => parseEmail('Ann Lee@example.com')).toThrow(/Given: "Ann Lee@example\.com"$/);
  expect(() => parseToken('SMS', '555')).toThrow(/Given: "555"$/);
  expect(() => parseToken('iOSPush', 'x'.repeat(100))).toThrow(/Given: "x{63}…$/);
});

test('a phone number may be written with spaces, brackets and dashes', () => {
  expect(parseToken('SMS', '+1 (555) 010-0000')).toBe('+15550100000');
  expect(parseToken('SMS', '0049 (0) 30 901820')).toBe('+4930901820');
  expect(() => parseToken('SMS', '0555 010000')).toThrow(/E\.164/);
  expect(() => parseToken('SMS', '')).toThrow(/must not be empty/);
  expect(() => parseToken('SMS', '+49 30')).toThrow(/E\.164/);
  expect(() => parseToken('SMS', '+1 555 010 0000 ext. 12')).toThrow(/E\.164/);
});

test('push may have no token yet, email may not', () => {
  expect(parseToken('ChromePush', '')).toBe('');
  expect(parseToken('iOSPush', '')).toBe('');
  expect(() => parseToken('Email', '')).toThrow(/must not be empty/);
});

test('a token of iOSPush is hex, and one of another kind is kept as it is', () => {
  expect(parseToken('iOSPush', 'AB'.repeat(32))).toBe('ab'.repeat(32));
  expect(() => parseToken('iOSPush', 'xyz')).toThrow(/64 hex/);
  expect(parseToken('AndroidPush', 'aB:c-d_E')).toBe('aB:c-d_E');
  expect(() => parseToken('AndroidPush', 'ä'.repeat(10))).toThrow(/must be ASCII/);
  expect(() => parseToken('AndroidPush', 'x'.repeat(2049))).toThrow(/at most 2048/);
});

test('a token of web push is the URL of its endpoint', () => {
  const endpoint = 'https://push.example/wpush/v2/gAAA-b_c';
  expect(parseToken('FirefoxPush', endpoint)).toBe(endpoint);
  expect(() => parseToken('ChromePush', 'dGhpcyBpcyBubyBVUkw')).toThrow(
    /must be the URL of its push endpoint/,
  );
});
