import type pg from 'pg';

export interface Changes {
  /** Their numbers, the second one not among them. */
  readonly from: number;
  readonly to: number;
  readonly users: number;
}

/** One change in so many is an order that was paid; the others name a version of a user anew. */
const ORDER_EVERY = 10;
const WRITERS = 8;

/** Commits each change by itself, as fast as the database takes them. Gives how many orders were paid. */
export async function writeChanges(pool: pg.Pool, { from, to, users }: Changes): Promise<number> {
  let next = from;
  let orders = 0;
  const writer = async () => {
    while (next < to) {
      const n = next++;
      const id = 1 + (n % users);
      if (n % ORDER_EVERY === 0) {
        orders += 1;
        await pool.query("INSERT INTO orders (customer_id, status) VALUES ($1, 'paid')", [id]);
      } else await pool.query('UPDATE customers SET version = $2 WHERE id = $1', [id, `v${n}`]);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
  return orders;
}
