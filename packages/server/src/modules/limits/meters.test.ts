import { expect, it } from 'vitest';
import { Meters } from './meters.ts';

it('meters are kept by class, owner and address', () => {
  const meters = new Meters(100);
  const one = meters.get('users', 'app', '');
  expect(meters.get('users', 'app', '')).toBe(one);
  expect(meters.get('views', 'app', '')).not.toBe(one);
  expect(meters.get('users', 'other', '')).not.toBe(one);
  expect(meters.get('anonymous', 'app', '192.0.2.1')).not.toBe(meters.get('anonymous', 'app', '192.0.2.2'));
});

it('a meter in use stays while strangers come and go, and strangers are forgotten', () => {
  const meters = new Meters(10);
  const busy = meters.get('users', 'app', '');
  const stranger = meters.get('anonymous', 'app', '192.0.2.1');
  for (let one = 0; one < 100; one += 1) {
    meters.get('anonymous', 'app', `stranger ${one}`);
    expect(meters.get('users', 'app', '')).toBe(busy);
  }
  expect(meters.get('anonymous', 'app', '192.0.2.1')).not.toBe(stranger);
});
