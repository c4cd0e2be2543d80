import type pg from 'pg';
import { inPace } from '../connector/in-pace.ts';

export interface Changes {
  /** Their numbers, the second one not among them. */
  readonly from: number;
  readonly to: number;
  readonly users: number;
  /** Transactions a second; as many as the database takes when null. */
  readonly perSecond: number | null;
}

/** One change in so many is an order that was paid; the others name a version of a user anew. */
const ORDER_EVERY = 10;
const WRITERS = 8;

/** Commits each change by itself. Gives how many orders were paid. */
export async function writeChanges(pool: pg.Pool, { from, to, users, perSecond }: Changes): Promise<number> {
  let orders = 0;
  const write = async (n: number) => {
    const id = 1 + (n % users);
    if (n % ORDER_EVERY === 0) {
      orders += 1;
      await pool.query("INSERT INTO orders (customer_id, status) VALUES ($1, 'paid')", [id]);
    } else await pool.query('UPDATE customers SET version = $2 WHERE id = $1', [id, `v${n}`]);
  };
  if (perSecond !== null) await inPace(perSecond, to - from, (n) => write(from + n));
  else {
    let next = from;
    const writer = async () => {
      while (next < to) await write(next++);
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
  }
  return orders;
}
