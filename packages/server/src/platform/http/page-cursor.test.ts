import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

const ID = '11111111-1111-4111-8111-111111111111';
const list = ['users', ID, { tag: ['plan=gold'] }];

it('a cursor gives its place back to the list that it was made for', () => {
  const text = encodeCursor(list, [1_793_534_400_000_001, ID, 'größe']);
  expect(text).toMatch(/^[\w-]+$/);
  expect(decodeCursor(list, text, ['integer', 'uuid', 'text'])).toEqual([1_793_534_400_000_001, ID, 'größe']);
});

it.each([
  ['of other filters', ['users', ID, { tag: ['plan=silver'] }], encodeCursor(list, [1, ID])],
  ['with less in it', list, encodeCursor(list, [1])],
  ['with more in it', list, encodeCursor(list, [1, ID, 2])],
  ['in another order', list, encodeCursor(list, [ID, 1])],
  ['with half a number', list, encodeCursor(list, [1.5, ID])],
  ['cut off', list, encodeCursor(list, [1, ID]).slice(0, -5)],
  ['that is empty', list, ''],
  ['that is made up', list, '%%%'],
  ['that is null', list, 'bnVsbA'],
])('a cursor %s is refused', (_, of, text) => {
  expect(() => decodeCursor(of, text, ['integer', 'uuid'])).toThrow(/^cursor must be/);
});
