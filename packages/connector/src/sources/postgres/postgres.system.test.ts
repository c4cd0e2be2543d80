import { cpSync, rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.ts';
import { Opened } from '../../fixtures/opened.ts';
import { sql } from '../../index.ts';
import type { Connector } from '../../index.ts';
import { openSource } from '../open-source.ts';

const opened = new Opened();
afterEach(() => opened.close());

describe('a source in PostgreSQL', () => {
  it('sees by cursor what a transaction wrote long before it committed', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const run = opened.watch(shop, fake.url, 'cursor');
    await eventually('2 users', () => fake.users.size === 2);
    await run.told('caught-up');
    const late = await shop.pool.connect();
    await late.query("BEGIN; UPDATE customers SET name = 'Late', updated_at = now() WHERE id = 1");
    await shop.pool.query("UPDATE customers SET name = 'Early', updated_at = clock_timestamp() WHERE id = 2");
    await eventually('the early one', () => fake.users.get('2')?.tags['name'] === 'Early');
    await late.query('UPDATE customers SET updated_at = now() WHERE id = 1; COMMIT');
    late.release();
    await eventually('the late one', () => fake.users.get('1')?.tags['name'] === 'Late');
    expect(fake.violations).toEqual([]);
  });

  it('finds what it had taken in when its home was restored from a backup', async () => {
    const shop = await opened.shop(2);
    const fake = await opened.fake();
    const first = opened.watch(shop, fake.url);
    await eventually('2 users', () => fake.users.size === 2);
    await first.told('caught-up');
    await first.stop();
    cpSync(shop.home, `${shop.home}.backup`, { recursive: true });
    opened.add(() => Promise.resolve(rmSync(`${shop.home}.backup`, { recursive: true })));
    const second = opened.watch(shop, fake.url);
    await second.told('begun');
    await shop.pool.query("UPDATE customers SET name = 'Told once' WHERE id = 1");
    await shop.addOrder(2, 'shipped');
    await eventually('the message', () => fake.messages.size === 1);
    await eventually('the name', () => fake.users.get('1')?.tags['name'] === 'Told once');
    const { rows: written } = await shop.pool.query<{ now: string }>(
      'SELECT pg_current_wal_insert_lsn() AS now',
    );
    await eventually('the slot to forget it', async () => {
      const { rows } = await shop.pool.query<{ forgotten: boolean }>(
        `SELECT confirmed_flush_lsn >= $1::pg_lsn AS forgotten FROM pg_replication_slots
         WHERE database = current_database()`,
        [written[0]?.now],
      );
      return rows[0]?.forgotten;
    });
    await second.stop();
    rmSync(shop.home, { recursive: true });
    cpSync(`${shop.home}.backup`, shop.home, { recursive: true });
    const fresh = await opened.fake();
    const third = opened.watch(shop, fresh.url);
    expect(await third.told('begun')).toMatchObject({ reason: 'lost' });
    await eventually('the name', () => fresh.users.get('1')?.tags['name'] === 'Told once');
    await eventually('the message', () => fresh.messages.size === 1);
    expect([...fresh.messages.keys()]).toEqual([...fake.messages.keys()]);
  });

  it('tells of a model that reads a whole table for one user, and then looks instead of following', async () => {
    const shop = await opened.shop(20_000);
    await shop.pool.query('ANALYZE customers');
    const connector = shop.connector('http://127.0.0.1:1');
    expect(await findings(connector, 'users.model')).toMatchObject([{ state: 'good' }]);
    const model = sql`WITH c AS MATERIALIZED (SELECT * FROM customers) SELECT c.*, 0 AS orders FROM c`;
    const scanning = { ...connector, users: { ...connector.users, model } } as Connector;
    expect(await findings(scanning, 'users.model')).toMatchObject([
      { state: 'good' },
      { state: 'warning', detail: expect.stringContaining('customers') },
    ]);
    const silent = {
      ...scanning,
      events: {},
      messages: {},
      source: { ...connector.source, changes: 'auto' },
    };
    const source = await openSource(silent as Connector);
    expect(source.reading).toMatchObject({ mode: 'diff' });
    await source.close();
  });
});

async function findings(connector: Connector, what: string) {
  const source = await openSource(connector);
  const found = await source.check();
  await source.close();
  return found.filter((finding) => finding.what === what);
}
