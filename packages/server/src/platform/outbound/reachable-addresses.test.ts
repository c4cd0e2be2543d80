import { describe, expect, it } from 'vitest';
import { isPublicAddress, reachableAddresses } from './reachable-addresses.ts';

describe('an address', () => {
  it.each(['1.1.1.1', '93.184.215.14', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::200e'])(
    'is public: %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::a9fe:a9fe',
    '2001::1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])('is not public: %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

it('ranges of the operator’s can be reached besides', () => {
  const isReachable = reachableAddresses(['10.0.0.0/8', '192.168.7.7', 'fd00::/8']);
  expect(['10.9.9.9', '192.168.7.7', 'fd00::5', '1.1.1.1'].map(isReachable)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['192.168.7.8', '127.0.0.1', 'fe80::1'].map(isReachable)).toEqual([false, false, false]);
});
