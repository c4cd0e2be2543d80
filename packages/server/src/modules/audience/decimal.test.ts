import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addDecimals, compareDecimals, decimalOf, parseDecimal, timesWhole } from './decimal.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 12 }))
  .map(([digits, scale]) => ({ digits, scale }));

const read = (text: string) => parseDecimal(text) ?? decimalOf(0);

it('compares as the difference says, whatever the number of decimals', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const { digits } = addDecimals(a, timesWhole(b, -1));
      expect(Math.sign(compareDecimals(a, b))).toBe(digits < 0n ? -1 : Number(digits > 0n));
    }),
  );
});

it('knows 0.1 and 0.2 to be 0.3, and more digits than a float has', () => {
  expect(compareDecimals(addDecimals(read('0.1'), read('0.2')), read('0.30'))).toBe(0);
  expect(compareDecimals(read('9007199254740993'), read('9007199254740992.0'))).toBe(1);
  expect(compareDecimals(read('-0'), read('0.000'))).toBe(0);
});

it.each(['', '1e3', '+1', '.5', '5.', '1,5', ' 1', '1\n', '0x1', '١', '1'.repeat(31)])(
  'does not take %j for a number',
  (text) => {
    expect(parseDecimal(text)).toBeNull();
  },
);
