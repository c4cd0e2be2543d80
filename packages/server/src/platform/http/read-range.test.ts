import { expect, it } from 'vitest';
import { readRange } from './read-range.ts';

it.each([
  ['bytes=0-9', { from: 0, to: 9 }],
  ['bytes=90-', { from: 90, to: 99 }],
  ['bytes=90-500', { from: 90, to: 99 }],
  ['bytes=-10', { from: 90, to: 99 }],
  ['bytes=-500', { from: 0, to: 99 }],
  ['bytes=100-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=9-0', 'all'],
  ['bytes=0-1,5-6', 'all'],
  ['lines=0-9', 'all'],
  ['bytes=-', 'all'],
  [undefined, 'all'],
])('of a hundred bytes, %j is %j', (header, wanted) => {
  expect(readRange(header, 100)).toEqual(wanted);
});
