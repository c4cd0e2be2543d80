import { expect, it } from 'vitest';
import { scriptedFaultOf } from './scripted-fault.ts';

it.each([
  ['bounce@example.com', 'bounce'],
  ['Bounce+7@example.com', 'bounce'],
  ['defer.anna@example.com', 'defer'],
  ['drop12@example.com', 'drop'],
  ['slow-1@example.com', 'slow'],
  ['soft+7@example.com', 'soft'],
  ['complain.ben@example.com', 'complain'],
  ['bouncer@example.com', null],
  ['anna@bounce.example', null],
  ['nothing', null],
])('%s asks for %s', (address, fault) => {
  expect(scriptedFaultOf(address)).toBe(fault);
});
