import { describe, expect, it } from 'vitest';
import {
  absent,
  each,
  exactly,
  holding,
  integer,
  nullOr,
  oneOf,
  optional,
  unixSeconds,
  without,
} from './checks.ts';
import { faultsOf } from './pattern.ts';

describe('a pattern', () => {
  it('asks only for the members it names, and tells each fault with its path', () => {
    const pattern = { id: /^\w+$/, count: integer, list: [{ kind: 'a' }], gone: absent };
    expect(faultsOf(pattern, { id: 'x', count: 1, list: [{ kind: 'a' }], more: true })).toEqual([]);
    expect(faultsOf(pattern, { id: 'x', count: 1.5, list: [{ kind: 'b' }], gone: null })).toEqual([
      'body.count is 1.5, not an integer',
      'body.list[0].kind is "b", not "a"',
      'body.gone is null, not absent',
    ]);
  });

  it('of a list asks for exactly its entries', () => {
    expect(faultsOf([1, 2], [1])).toEqual(['body has 1 entries, not 2: [1]']);
    expect(faultsOf([1], 'x')).toEqual(['body is "x", not a list']);
    expect(faultsOf({}, [])).toEqual(['body is [], not an object']);
    expect(faultsOf({}, null)).toEqual(['body is null, not an object']);
  });

  it('can ask for exactly these members', () => {
    expect(faultsOf(exactly({}), {})).toEqual([]);
    expect(faultsOf(exactly({ a: 1 }), { a: 1, b: 2 })).toEqual(['body.b should not be there']);
  });

  it('tells null and absent apart where that matters', () => {
    expect(faultsOf({ a: nullOr(integer), b: optional(integer) }, { a: null })).toEqual([]);
    expect(faultsOf({ a: nullOr(integer) }, {})).toEqual(['body.a is missing, not an integer']);
  });

  it('looks into lists', () => {
    expect(faultsOf(each(oneOf('a', 'b')), ['a', 'c'])).toEqual(['body[1] is "c", not one of a, b']);
    expect(faultsOf(holding({ a: 1 }), [{ a: 2 }])).toHaveLength(1);
    expect(faultsOf(without({ a: 1 }), [{ a: 2 }])).toEqual([]);
    expect(faultsOf(without({ a: 1 }), [{ a: 1 }])).toHaveLength(1);
  });

  it('does not take milliseconds for Unix seconds', () => {
    expect(faultsOf(unixSeconds, 1_793_534_400)).toEqual([]);
    expect(faultsOf(unixSeconds, 1_793_534_400_000)).toHaveLength(1);
  });
});
