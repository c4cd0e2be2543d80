import { expect, test } from 'vitest';
import { Places } from './places.ts';
import { reachableAddresses } from './reachable-addresses.ts';

const places = new Places(reachableAddresses([]));

test('a URL is read once, and means the same each time', () => {
  const place = places.of('https://example.com:8443/events?key=1#part');
  expect(place).toEqual({
    origin: 'https://example.com:8443',
    path: '/events?key=1',
    authorization: null,
  });
  expect(places.of('https://example.com:8443/events?key=1#part')).toBe(place);
});

test('a name and a password in a URL become a header', () => {
  const { origin, authorization } = places.of('https://us%65r:p%40ss@example.com/');
  expect(origin).toBe('https://example.com');
  expect(authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

test.each(['http://127.0.0.1/', 'http://[::1]:8080/', 'http://2130706433/', 'https://10.1.2.3/hook'])(
  '%s is refused, each time it is asked',
  (url) => {
    for (let time = 0; time < 3; time += 1) {
      expect(() => places.of(url)).toThrow('is not on the public internet');
    }
  },
);

test.each([
  ['nowhere', 'cannot be read'],
  ['ftp://example.com/', 'neither http nor https'],
  ['https://%zz:x@example.com/', 'cannot be read'],
])('%s is refused: %s', (url, words) => {
  expect(() => places.of(url)).toThrow(words);
});

test('of more URLs than are remembered, each still leads where it says', () => {
  const many = Array.from({ length: 600 }, (_, n) => `https://example.com/${n}`);
  for (const url of [...many, ...many]) expect(places.of(url).path).toBe(new URL(url).pathname);
});
