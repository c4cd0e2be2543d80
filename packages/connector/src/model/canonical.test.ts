import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical } from './canonical.ts';

/** As it was first: what homes keep are hashes of exactly this text. */
function first(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

it('is the same text for the same data, in whatever order it was put together', () => {
  const name = fc.string().filter((name) => !/^(?:\d+|__proto__)$/.test(name));
  const data = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(name, tie('any'), { maxKeys: 5, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(fc.dictionary(name, data, { noNullPrototype: true }), (value) => {
      expect(canonical(value)).toBe(first(value));
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonical(turned)).toBe(canonical(value));
    }),
  );
});
