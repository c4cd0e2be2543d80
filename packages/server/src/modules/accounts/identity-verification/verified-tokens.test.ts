import { expect, test } from 'vitest';
import { VerifiedTokens } from './verified-tokens.ts';

const TOKEN = { identity: [{ label: 'external_id', value: 'anna-42' }], subscriptions: [] };

test('a token is remembered until its time, for the app that it was good for', () => {
  const verified = new VerifiedTokens(10);
  verified.begin('app', 'jwt')(TOKEN, 100);
  expect(verified.find('app', 'jwt', 99)).toBe(TOKEN);
  expect(verified.find('app', 'jwt', 100)).toBeNull();
  expect(verified.find('other', 'jwt', 99)).toBeNull();
  expect(verified.find('app', 'jwt2', 99)).toBeNull();
});

test('what was being checked while a key changed is not remembered', () => {
  const verified = new VerifiedTokens(10);
  verified.begin('app', 'old')(TOKEN, 100);
  const keep = verified.begin('app', 'jwt');
  verified.clear();
  keep(TOKEN, 100);
  expect(verified.find('app', 'jwt', 0)).toBeNull();
  expect(verified.find('app', 'old', 0)).toBeNull();
});

test('the oldest make room', () => {
  const verified = new VerifiedTokens(2);
  for (const jwt of ['a', 'b', 'a', 'c']) verified.begin('app', jwt)(TOKEN, 100);
  const known = ['a', 'b', 'c'].filter((jwt) => verified.find('app', jwt, 0) !== null);
  expect(known).toEqual(['a', 'c']);
});
