import type { UserDeltas } from '@carillon/wire';
import { isUuid } from '../../platform/ids.ts';
import { checkText, refuse } from './text-rule.ts';

/** What a request adds to a user. */
export interface Deltas {
  readonly sessionCount: number;
  /** Seconds. */
  readonly sessionTime: number;
  /** The subscription whose session it was: it counts there too, if it is the user's. */
  readonly subscriptionId: string | null;
  /** Decimal text; null when nothing was bought. */
  readonly amountSpent: string | null;
  readonly purchases: readonly Purchase[];
}

export interface Purchase {
  readonly sku: string;
  /** Decimal text: what one of it cost. */
  readonly amount: string;
  /** ISO 4217, or `""`. */
  readonly iso: string;
  readonly count: number;
}

const MOST_SESSIONS = 1_000;
const LONGEST_SESSION = 7 * 86_400;
const AMOUNT = /^-?\d{1,12}(\.\d{1,6})?$/;

/** Null when there is nothing to add. `subscriptionId` is the header of device SDKs. Throws `request-invalid`. */
export function parseDeltas(
  input: UserDeltas | null | undefined,
  subscriptionId: string | undefined,
): Deltas | null {
  if (input === null || input === undefined) return null;
  const purchases = (input.purchases ?? []).map(parsePurchase);
  const sessionCount = checkDelta('deltas.session_count', input.session_count, MOST_SESSIONS);
  const sessionTime = checkDelta('deltas.session_time', input.session_time, LONGEST_SESSION);
  const amountSpent = parseAmountSpent(input.amount_spent, purchases);
  if (sessionCount + sessionTime === 0 && amountSpent === null && purchases.length === 0) return null;
  return {
    sessionCount,
    sessionTime,
    // Devices send it with every call; one that is not an id is as good as none.
    subscriptionId:
      subscriptionId !== undefined && isUuid(subscriptionId) ? subscriptionId.toLowerCase() : null,
    amountSpent,
    purchases,
  };
}

function parsePurchase(
  { sku, amount, iso = '', count = 1 }: NonNullable<UserDeltas['purchases']>[number],
  place: number,
): Purchase {
  const field = `deltas.purchases[${place}]`;
  return {
    sku: checkText(`${field}.sku`, sku, 255),
    amount: parseAmount(`${field}.amount`, amount),
    iso: checkText(`${field}.iso`, iso, 8),
    count,
  };
}

function parseAmountSpent(given: string | number | null | undefined, purchases: readonly Purchase[]) {
  if (given !== null && given !== undefined) return parseAmount('deltas.amount_spent', given);
  if (purchases.length === 0) return null;
  // In millionths, so that 0.1 and 0.2 make 0.3.
  const millionths = purchases.reduce(
    (sum, { amount, count }) => sum + Math.round(Number(amount) * 1e6) * count,
    0,
  );
  return (millionths / 1e6).toFixed(6);
}

function parseAmount(field: string, given: string | number): string {
  const text = String(given).trim();
  if (!AMOUNT.test(text))
    refuse(field, 'must be a decimal number such as "9.99", with at most six decimals', given);
  return text;
}

function checkDelta(field: string, value: number | null | undefined, most: number): number {
  if (value === null || value === undefined) return 0;
  if (value < 0 || value > most) refuse(field, `must be a whole number from 0 to ${most}`, value);
  return value;
}
