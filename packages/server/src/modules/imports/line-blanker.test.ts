import { expect, it } from 'vitest';
import { LineBlanker } from './line-blanker.ts';

const FILE = 'name,note\r\nanna,"two\nlines"\nben,x\r\nanna,y';

it.each([1, 3, 7, 1_000])('lines become empty ones of the same length, in pieces of %i bytes', (size) => {
  const blanker = new LineBlanker([
    { first: 2, last: 3 },
    { first: 5, last: 5 },
  ]);
  const bytes = Buffer.from(FILE);
  let text = '';
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    text += (blanker.blank(piece) ?? piece).toString();
  }
  expect(text).toBe('name,note\r\n         \n      \nben,x\r\n      ');
});

it('a piece without such lines stays as it is', () => {
  const blanker = new LineBlanker([{ first: 2, last: 2 }]);
  expect(blanker.blank(Buffer.from('one\ntwo'))?.toString()).toBe('one\n   ');
  expect(blanker.blank(Buffer.from('\nthree\n'))).toBeNull();
  expect(blanker.isDone).toBe(true);
});
