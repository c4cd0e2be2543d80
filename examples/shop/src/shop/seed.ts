import { basketOf } from './goods.ts';
import { personOf } from './people.ts';
import { Random } from './random.ts';
import { FIRST_CUSTOMER } from './schema.ts';

const CUSTOMERS = 300;
const ORDERS = 600;

const DAY_MS = 86_400_000;
const CARRIERS = ['Northline', 'Parcelwing', 'Harbour Post'] as const;

export interface SeedOrder {
  readonly customer_id: number;
  readonly status: string;
  readonly items: unknown;
  readonly total: string;
  readonly carrier: string | null;
  readonly tracking_code: string | null;
  readonly placed_at: string;
  readonly shipped_at: string | null;
}

/** The shop's first customers; their ids are FIRST_CUSTOMER and the numbers after it. */
export function seedCustomers() {
  return Array.from({ length: CUSTOMERS }, (_, i) => personOf(FIRST_CUSTOMER + i));
}

/** Their orders of the last ninety days before `now`, the oldest first; some are on their way right now. */
export function seedOrders(now: number): SeedOrder[] {
  const random = new Random(20_261_101);
  return Array.from({ length: ORDERS }, (_, i) => {
    const age = Math.floor(((ORDERS - i) / ORDERS) * 90 * DAY_MS);
    const status = statusAt(age, random);
    const wasShipped = status === 'shipped' || status === 'delivered';
    const placed = now - age;
    return {
      customer_id: FIRST_CUSTOMER + random.below(CUSTOMERS),
      status,
      ...basketOf(i + 1),
      carrier: wasShipped ? random.pick(CARRIERS) : null,
      tracking_code: wasShipped ? trackingCode(i + 1) : null,
      placed_at: new Date(placed).toISOString(),
      shipped_at: wasShipped ? new Date(placed + Math.min(age, 2 * DAY_MS)).toISOString() : null,
    };
  });
}

/** What a parcel of order `number` is found by. */
export function trackingCode(number: number): string {
  const random = new Random(number);
  return `NL${String(1_000_000 + random.below(9_000_000))}EU`;
}

function statusAt(age: number, random: Random): string {
  if (random.below(25) === 0) return 'cancelled';
  if (age > 6 * DAY_MS) return 'delivered';
  if (age > 3 * DAY_MS) return 'shipped';
  return random.pick(['placed', 'paid', 'packed', 'packed']);
}
