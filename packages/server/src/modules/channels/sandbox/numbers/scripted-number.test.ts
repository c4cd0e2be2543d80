import { expect, it } from 'vitest';
import { scriptOf } from './scripted-number.ts';

it.each([
  ['+15005550006', 'accept'],
  ['+15005550004', 'refuse'],
  ['+15005551234', 'refuse'],
  ['+15005552000', 'defer'],
  ['15005553001', 'once'],
  ['+15005558999', 'throttle'],
  ['+15005559000', 'stop'],
  ['+150055590001', 'accept'],
  ['+4915005551234', 'accept'],
])('%s asks for %s', (number, kind) => {
  expect(scriptOf(number).kind).toBe(kind);
});
