import type pg from 'pg';
import { basketOf } from './goods.ts';
import { personOf } from './people.ts';
import type { Person } from './people.ts';
import { trackingCode } from './seed.ts';

export interface NewCustomer extends Person {
  readonly id: number;
}

/** A new customer who wants mail. */
export async function register(pool: pg.Pool): Promise<NewCustomer> {
  const { rows: counted } = await pool.query<{ next: number }>('SELECT max(id) + 1 AS next FROM customers');
  const person = { ...personOf(counted[0]?.next ?? 1), wants_mail: true };
  // The number in the address keeps it apart from those of customers whose registration was undone.
  const email = person.email.replace('@', `.${Date.now().toString(36)}@`);
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO customers (first_name, last_name, email, language, country, timezone, wants_mail)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [person.first_name, person.last_name, email, person.language, person.country, person.timezone, true],
  );
  return { ...person, email, id: rows[0]?.id ?? 0 };
}

/** An order that is packed and waits for its carrier. Gives its number. */
export async function placeOrder(pool: pg.Pool, customer: number): Promise<number> {
  const { items, total } = basketOf(customer);
  const { rows } = await pool.query<{ id: number }>(
    "INSERT INTO orders (customer_id, status, items, total) VALUES ($1, 'packed', $2, $3) RETURNING id",
    [customer, JSON.stringify(items), total],
  );
  return rows[0]?.id ?? 0;
}

/** The one statement that the whole demo is about. */
export const SHIP = `UPDATE orders SET status = 'shipped', carrier = 'Northline', tracking_code = $2, shipped_at = now()
WHERE id = $1 AND status <> 'shipped'`;

export async function ship(pool: pg.Pool, order: number): Promise<void> {
  const { rowCount } = await pool.query(SHIP, [order, trackingCode(order)]);
  if (rowCount !== 1) throw new Error(`Order ${order} is not there, or was shipped before.`);
}
