import { describe, expect, test } from 'vitest';
import { allowlist, isAddressRange, plainAddress } from './ip-allowlist.ts';

test.each(['192.0.2.0/24', '192.0.2.1', '0.0.0.0/0', '2001:db8::/32', '::1', '::/0'])(
  '%s is a range',
  (text) => {
    expect(isAddressRange(text)).toBe(true);
  },
);

test.each([
  '',
  '192.0.2',
  '192.0.2.0/33',
  '::/129',
  '1.2.3.4/',
  '1.2.3.4/8/8',
  '1.2.3.4/-1',
  'fe80::1%eth0',
  'x',
])('%j is no range', (text) => {
  expect(isAddressRange(text)).toBe(false);
});

describe('an allow-list', () => {
  test('takes what is in one of its ranges', () => {
    const allows = allowlist(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7']);
    const answers = ['192.0.2.255', '::ffff:192.0.2.1', '2001:db8:1::1', '198.51.100.7'].map(allows);
    expect(answers).toEqual([true, true, true, true]);
    expect(['192.0.3.0', '2001:db9::1', '198.51.100.8', '::1', ''].map(allows)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('without ranges takes nothing', () => {
    expect(allowlist([])('127.0.0.1')).toBe(false);
  });
});

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:abcd', '::ffff:abcd'],
])('%s is told as %s', (ip, told) => {
  expect(plainAddress(ip)).toBe(told);
});
