import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeJson } from './json-bytes.ts';
import type { JsonValue } from './json-bytes.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '"', '\\', '\u0000', '\u001f', '\u007f', 'é', '漢字 🙂', '\ud800', 'x'.repeat(100)),
);
const value = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(true, false, null, Infinity, -0, 1e21),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, fc.option(tie('value'), { nil: undefined }), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

test('a value is spelt as JSON.stringify spells it, wherever it begins', () => {
  fc.assert(
    fc.property(value, fc.nat({ max: 20 }), (given, at) => {
      const bytes = Buffer.alloc(16 * 1024, 0x2e);
      const end = writeJson(bytes, at, given);
      expect(bytes.toString('utf8', at, end)).toBe(JSON.stringify(given));
      expect(bytes.subarray(0, at).every((byte) => byte === 0x2e)).toBe(true);
      expect(bytes[end]).toBe(0x2e);
    }),
    { numRuns: 500 },
  );
});

test('of too few bytes it says so, and with as many as it asks for in the end it is whole', () => {
  fc.assert(
    fc.property(value, (given) => {
      const json = JSON.stringify(given);
      let bytes = Buffer.alloc(0);
      let end = writeJson(bytes, 0, given);
      while (end > bytes.length) {
        bytes = Buffer.alloc(end);
        end = writeJson(bytes, 0, given);
      }
      expect(bytes.toString('utf8', 0, end)).toBe(json);
      expect(writeJson(Buffer.alloc(end - 1), 0, given)).toBeGreaterThan(end - 1);
    }),
    { numRuns: 300 },
  );
});
