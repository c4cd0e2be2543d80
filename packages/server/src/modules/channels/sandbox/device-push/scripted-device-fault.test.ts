import { expect, it } from 'vitest';
import { apnsFaultOf, wordFaultOf } from './scripted-device-fault.ts';

it.each([
  ['fa170410', 'gone'],
  ['FA170503', 'defer'],
  ['fa171503', 'once'],
  ['fa170999', null],
  ['00fa1704', null],
  ['', null],
])('a token of APNs that begins with %j asks for %s', (digits, fault) => {
  expect(apnsFaultOf(digits.padEnd(64, '0'))).toBe(fault);
});

it.each([
  ['gone:7', 'gone'],
  ['once:APA91b', 'once'],
  ['gone', null],
  ['Gone:7', null],
  ['toString:7', null],
  [':gone', null],
  ['dGVzdA_x:APA91bGone', null],
])('the token %j of the others asks for %s', (token, fault) => {
  expect(wordFaultOf(token)).toBe(fault);
});
