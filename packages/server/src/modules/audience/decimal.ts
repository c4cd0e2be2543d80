/** A decimal number, exactly: `digits` divided by 10 to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** What counts as a number; the condition in SQL has the same pattern. More digits than anybody counts are text. */
export const DECIMAL = /^-?[0-9]{1,30}(\.[0-9]{1,30})?$/;

/** Null for text that is no number. */
export function parseDecimal(text: string): Decimal | null {
  if (!DECIMAL.test(text)) return null;
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

export function decimalOf(whole: number): Decimal {
  return { digits: BigInt(whole), scale: 0 };
}

/** Below 0 when `a` is less, 0 when they are equal, above 0 when it is more. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : Number(left > right);
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right] = aligned(a, b);
  return { digits: left + right, scale: Math.max(a.scale, b.scale) };
}

export function timesWhole({ digits, scale }: Decimal, whole: number): Decimal {
  return { digits: digits * BigInt(whole), scale };
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale)];
}

/** Up to so many characters every number is another double, in the same order: no need to count in digits. */
const EXACT = 15;
const EXACT_BELOW = 10 ** EXACT;

/** Asks a text, or a whole number, whether it stands in a relation to `value`, exactly; null is of what is no number. */
export function comparerOf<Answer>(
  value: string,
  answer: (order: number | null) => Answer,
): { readonly text: (text: string | null) => Answer; readonly whole: (amount: number) => Answer } {
  const other = parseDecimal(value);
  const short = other !== null && value.length <= EXACT ? Number(value) : null;
  const inDigits = (amount: Decimal | null) =>
    answer(amount === null || other === null ? null : compareDecimals(amount, other));
  return {
    text: (text) => {
      if (text === null || !DECIMAL.test(text)) return answer(null);
      if (short === null || text.length > EXACT) return inDigits(parseDecimal(text));
      return answer(Number(text) - short);
    },
    whole: (amount) =>
      short === null || Math.abs(amount) >= EXACT_BELOW
        ? inDigits(decimalOf(amount))
        : answer(amount - short),
  };
}
