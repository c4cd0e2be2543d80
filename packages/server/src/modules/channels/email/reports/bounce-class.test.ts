import { expect, it } from 'vitest';
import { classOfStatus, kindOfBounce } from './bounce-class.ts';

it.each([
  ['5.1.1', 'hard', 'bounced'],
  ['5.1.2', 'hard', 'bounced'],
  ['5.1.10', 'hard', 'bounced'],
  ['5.2.1', 'hard', 'bounced'],
  ['5.2.2', 'soft', 'soft_bounced'],
  ['4.1.1', 'soft', 'soft_bounced'],
  ['4.4.7', 'soft', 'soft_bounced'],
  ['5.0.0', 'soft', 'soft_bounced'],
  ['5.1.8', 'soft', 'soft_bounced'],
  ['5.7.1', 'blocked', 'soft_bounced'],
  ['5.7.26', 'blocked', 'soft_bounced'],
  ['5.3.4', 'blocked', 'soft_bounced'],
  ['5.6.0', 'blocked', 'soft_bounced'],
] as const)('%s is %s: %s', (status, expected, kind) => {
  expect(classOfStatus(status)).toBe(expected);
  expect(kindOfBounce(expected)).toBe(kind);
});
