import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import type { FakeDestination } from '../fixtures/fake-destination.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';

const KILLS = 12;
const CUSTOMERS = 400;
const ORDERS = 240;
const TIMEOUT_MS = 120_000;

const opened = new Opened();
let child: ChildProcess | null = null;

afterEach(async () => {
  child?.kill('SIGKILL');
  await opened.close();
});

function start(shop: Shop, fake: FakeDestination): ChildProcess {
  const file = fileURLToPath(new URL('../fixtures/watch-process.ts', import.meta.url));
  const settings = JSON.stringify(shop.settings(fake.url));
  return fork(file, [settings], {
    execArgv: ['--conditions=source', '--import', import.meta.resolve('tsx')],
  });
}

/** However long a process takes to start here: the test's own time limits it. Its end is a failure at once. */
async function begun(child: ChildProcess, fake: FakeDestination): Promise<void> {
  await eventually(
    'the beginning',
    () => {
      if (child.exitCode !== null) throw new Error(`The watch ended with ${child.exitCode}.`);
      return fake.users.size > 0;
    },
    TIMEOUT_MS,
  );
}

/** Two orders at a time, spread over the kills. */
async function placeOrders(shop: Shop, shipped: number[], kills: () => number): Promise<void> {
  const share = ORDERS / (KILLS + 1);
  for (let i = 0; i < ORDERS; i += 1) {
    await eventually('the next kill', () => kills() === KILLS || i <= (kills() + 1) * share);
    shipped.push(await shop.addOrder(1 + (i % CUSTOMERS), 'shipped'));
    await shop.addOrder(1 + ((i * 7) % CUSTOMERS), 'paid');
  }
}

describe('a watch that is killed again and again', () => {
  it('loses nothing and does nothing twice', { timeout: TIMEOUT_MS }, async () => {
    const shop = await opened.shop(CUSTOMERS);
    const fake = await opened.fake();
    let requests = 0;
    fake.mischief = () => {
      requests += 1;
      return requests % 17 === 0 ? 'lose-answer' : requests % 23 === 0 ? 'rate-limit' : 'none';
    };

    child = start(shop, fake);
    // Before that an order counts as history.
    await begun(child, fake);
    const shipped: number[] = [];
    let kills = 0;
    const orders = placeOrders(shop, shipped, () => kills);
    for (; kills < KILLS; kills += 1) {
      // Anywhere: while it starts, connects, reads, sends.
      await pause(Math.random() * 900);
      child.kill('SIGKILL');
      await once(child, 'exit');
      child = start(shop, fake);
    }
    await orders;
    await eventually('all messages', () => fake.messages.size >= ORDERS, 60_000);
    await eventually('all events', () => fake.events.size >= ORDERS, 60_000);
    const { rows } = await shop.pool.query<{ id: number; orders: number }>(
      'SELECT c.id, count(o.id)::int AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id',
    );
    await eventually('the last tags', () =>
      rows.every(({ id, orders }) => fake.users.get(String(id))?.tags['orders'] === String(orders)),
    );
    const sent = [...fake.messages.values()].map(
      (message) => (message['custom_data'] as { order_id: number }).order_id,
    );
    expect(sent.toSorted((a, b) => a - b)).toEqual(shipped.toSorted((a, b) => a - b));
    expect(fake.events.size).toBe(ORDERS);
    expect(fake.users.size).toBe(CUSTOMERS);
    expect(fake.violations).toEqual([]);
  });
});
