import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';
import { dropSlot, slotName } from '../sources/postgres/slot.ts';

const opened = new Opened();
afterEach(() => opened.close());

/** Ends the connection over which changes come, once it is there. */
async function breakSource(shop: Shop): Promise<void> {
  await eventually('a connection that is followed', async () => {
    const { rows } = await shop.pool.query(
      `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
       WHERE database = current_database() AND active`,
    );
    return rows.length > 0;
  });
}

describe('a watch in trouble', () => {
  it('waits out a target that is down, keeps taking changes in, and then sends them', async () => {
    const shop = await opened.shop(3);
    const first = await opened.fake();
    const port = Number(new URL(first.url).port);
    const run = opened.watch(shop, first.url);
    await eventually('3 users', () => first.users.size === 3);
    await run.told('caught-up');
    await first.stop();
    const order = await shop.addOrder(1, 'shipped');
    await run.told('trouble');
    // The source may forget what is kept here: an outage of the target does not fill its disk.
    const { rows: wal } = await shop.pool.query<{ now: string }>('SELECT pg_current_wal_insert_lsn() AS now');
    await eventually('the slot to move on', async () => {
      const { rows } = await shop.pool.query<{ kept: boolean }>(
        `SELECT confirmed_flush_lsn >= $2::pg_lsn AS kept FROM pg_replication_slots WHERE slot_name = $1`,
        [slotName(shop.connector(first.url)), wal[0]?.now],
      );
      return rows[0]?.kept;
    });
    const second = await opened.fake(port);
    await eventually('the request', () => second.requests.some(({ path }) => path === '/notifications'));
    expect(second.requests.find(({ path }) => path === '/notifications')?.body['custom_data']).toEqual({
      order_id: order,
    });
  });

  it('goes on when the source breaks its connections', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const run = opened.watch(shop, fake.url);
    await eventually('2 users', () => fake.users.size === 2);
    await run.told('caught-up');
    await breakSource(shop);
    await shop.addOrder(2, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    expect(await run.told('trouble')).toMatchObject({ where: 'source' });
  });

  it('finds what it missed when its slot is gone', async () => {
    const shop = await opened.shop(3);
    const old = await shop.addOrder(3, 'shipped');
    const fake = await opened.fake();
    const first = opened.watch(shop, fake.url);
    await eventually('3 users', () => fake.users.size === 3);
    await first.told('caught-up');
    const seen = await shop.addOrder(1, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    await first.stop();
    // The server notices a little later that its reader has gone.
    await dropSlot(shop.pool, slotName(shop.connector(fake.url)), new AbortController().signal);
    const missed = await shop.addOrder(2, 'shipped');
    await shop.pool.query("UPDATE customers SET name = 'Renamed' WHERE id = 3");
    const second = opened.watch(shop, fake.url);
    await eventually('the missed message', () => fake.messages.size === 2);
    await eventually('the missed name', () => fake.users.get('3')?.tags['name'] === 'Renamed');
    expect(await second.told('begun')).toMatchObject({ reason: 'lost' });
    const orders = [...fake.messages.values()].map((message) => message['custom_data']);
    expect(orders).toEqual([{ order_id: seen }, { order_id: missed }]);
    expect(orders).not.toContainEqual({ order_id: old });
  });

  it('does not run twice under one name', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    const first = opened.watch(shop, fake.url);
    await first.told('caught-up');
    const second = opened.watching(shop.connector(fake.url), { lockWaitMs: 0 });
    expect(String(await second.failed())).toContain('Another connector of this name is running');
  });

  it('ends where the target refuses the key', async () => {
    const shop = await opened.shop(1);
    const fake = await opened.fake();
    fake.refuseKeys = true;
    const run = opened.watch(shop, fake.url);
    expect(String(await run.failed())).toContain('refuses the key');
  });

  it('makes a user anew that was deleted at the target', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const run = opened.watch(shop, fake.url);
    await eventually('2 users', () => fake.users.size === 2);
    await run.told('caught-up');
    fake.users.delete('1');
    await shop.addOrder(1, 'new');
    const user = await eventually('the user', () => fake.users.get('1'));
    expect(user.subscriptions).toHaveLength(1);
  });
});
