import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Told } from './judge.ts';

export interface ShopSize {
  readonly users: number;
  readonly events: number;
  readonly messages: number;
}

/** Orders a statement: the writer shall be busy for the whole run, not fast. */
const AT_ONCE = 5;
/** Fewer than a watch takes for a broken model. */
const MOST_DELETED = 40;

/**
 * The company's database. Customers with odd numbers order, and always take mails; of those with even
 * numbers the name, address and consent change, and some of them leave.
 */
export class Shop {
  readonly pool: pg.Pool;
  readonly paid: number[] = [];
  readonly shipped: number[] = [];
  readonly #size: ShopSize;
  #changes = 0;

  constructor(url: string, size: ShopSize) {
    this.pool = new pg.Pool({ connectionString: url, max: 4 });
    // A connection that is closing is closed once more with the database.
    this.pool.on('error', () => undefined);
    this.#size = size;
  }

  async open(): Promise<void> {
    await this.pool.query(`
      CREATE TABLE customers (
        id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, opted_in boolean NOT NULL DEFAULT true);
      CREATE TABLE orders (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL);
      CREATE INDEX ON orders (customer_id)`);
    await this.pool.query(
      `INSERT INTO customers SELECT n, 'Customer ' || n, 'c' || n || '@example.com' FROM generate_series(1, $1::int) n`,
      [this.#size.users],
    );
    await this.pool.query('ANALYZE customers');
  }

  /** Does its share of everything for each step that `progress` (0 to 1) goes on; returns at 1. */
  async trade(progress: () => number): Promise<void> {
    const { users, events, messages } = this.#size;
    const deletions = Math.min(MOST_DELETED, Math.floor(users / 100));
    let deleted = 0;
    for (;;) {
      const now = progress();
      if (this.paid.length < events * now)
        this.paid.push(...(await this.#order('paid', events - this.paid.length)));
      if (this.shipped.length < messages * now)
        this.shipped.push(...(await this.#order('shipped', messages - this.shipped.length)));
      if (deleted < deletions * now) {
        deleted += 1;
        await this.pool.query('DELETE FROM customers WHERE id = $1', [2 * deleted]);
      }
      await this.#changeSomebody();
      const isDone = this.paid.length >= events && this.shipped.length >= messages && deleted >= deletions;
      if (now >= 1 && isDone) return;
      if (this.paid.length >= events * now) await pause(10);
    }
  }

  /** What the target should have of everybody. */
  async expected(): Promise<Told> {
    const { rows } = await this.pool.query<{ id: string; told: string }>(
      `SELECT id::text, name || ', ' || (SELECT count(*) FROM orders o WHERE o.customer_id = c.id)
         || ' orders' || CASE WHEN opted_in THEN ', ' || email ELSE '' END AS told FROM customers c`,
    );
    return new Map(rows.map(({ id, told }) => [id, told]));
  }

  /** Orders begin as new, and come to `status` in another transaction. */
  async #order(status: 'paid' | 'shipped', left: number): Promise<number[]> {
    const customers = Array.from({ length: Math.min(AT_ONCE, left) }, () => this.#anybody() * 2 - 1);
    const { rows } = await this.pool.query<{ id: number }>(
      "INSERT INTO orders (customer_id, status) SELECT c, 'new' FROM unnest($1::int[]) c RETURNING id",
      [customers],
    );
    const ids = rows.map(({ id }) => id);
    await this.pool.query('UPDATE orders SET status = $2 WHERE id = ANY ($1)', [ids, status]);
    return ids;
  }

  async #changeSomebody(): Promise<void> {
    this.#changes += 1;
    const [id, change] = [this.#anybody() * 2, this.#changes];
    const [column, value] = [
      ['name', `Named ${change}`],
      ['email', `c${id}.${change}@example.com`],
      ['opted_in', change % 2 === 0],
    ][change % 3] ?? ['name', ''];
    await this.pool.query(`UPDATE customers SET ${String(column)} = $2 WHERE id = $1`, [id, value]);
  }

  /** A number from 1 to half of the customers. */
  #anybody(): number {
    return 1 + Math.floor(Math.random() * Math.floor(this.#size.users / 2));
  }
}
