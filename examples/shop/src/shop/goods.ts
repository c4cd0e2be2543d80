import { Random } from './random.ts';
import type { OrderItem } from './schema.ts';

const GOODS: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['Ash-handled hand trowel', 2450],
  ['Beeswax food wraps, set of three', 1690],
  ['Brass plant mister', 3200],
  ['Cast-iron trivet', 1875],
  ['Enamel milk pan', 3950],
  ['Hazel pea sticks, bundle of twenty', 1400],
  ['Jute garden twine', 650],
  ['Linen apron, moss green', 4800],
  ['Oak dibber', 1550],
  ['Potting bench brush', 1225],
  ['Seed tin with dividers', 2890],
  ['Stoneware bread crock', 7400],
  ['Terracotta long tom, 12 cm', 590],
  ['Willow trug', 5600],
  ['Wool picnic blanket', 8200],
];

export interface Basket {
  readonly items: readonly OrderItem[];
  /** "12.50". */
  readonly total: string;
}

/** What order number `number` holds: always the same. */
export function basketOf(number: number): Basket {
  const random = new Random(number * 104_729);
  const start = random.below(GOODS.length);
  const lines = Array.from({ length: 1 + random.below(3) }, (_, i) => {
    const [name, cents] = GOODS[(start + i * 4) % GOODS.length] ?? GOODS[0];
    return { name, cents, quantity: 1 + (random.below(4) === 0 ? 1 : 0) };
  });
  const total = lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  return {
    items: lines.map(({ name, quantity, cents }) => ({ name, quantity, price: money(cents) })),
    total: money(total),
  };
}

function money(cents: number): string {
  return (cents / 100).toFixed(2);
}
