import { createLog, loadConfig, startCarillon } from '@carillon/server';
import { createTestDatabase } from '@carillon/test-kit';
import { Client, required } from '@carillon/client';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { OneSignalFake } from '@carillon/onesignal-fake';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { Opened } from '../fixtures/opened.ts';
import type { Shop } from '../fixtures/shop.ts';
import { Watching } from '../fixtures/watching.ts';
import { carillon, onesignal } from '../index.ts';
import type { Target } from '../index.ts';

const opened = new Opened();
afterEach(() => opened.close());
const CUSTOMERS = 40;
const FIRST = 101;

/** A whole Carillon with the template that the shop's messages need. */
async function startPlatform() {
  const database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PORT: '0',
  };
  const started = await startCarillon(loadConfig(env), { log: createLog({ level: 'silent' }) });
  opened.add(() => database.drop());
  opened.add(() => started.stop());
  const [url, appId, apiKey] = [started.url ?? '', started.appId ?? '', started.appKey ?? ''];
  const client = new Client({ url, appId, apiKey });
  opened.add(() => client.close());
  const template = {
    name: 'order-shipped',
    isEmail: true,
    email_subject: 'Shipped',
    email_body: '<p>Shipped</p>',
  };
  required(await client.templates.create(template));
  return { client, target: carillon({ url, appId, apiKey }) };
}

interface Person {
  readonly tags: Readonly<Record<string, string>>;
  readonly language: string | undefined;
  readonly addresses: readonly string[];
}

async function peopleAt(client: Client): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  for await (const { identity, properties, subscriptions } of client.users.list()) {
    people.set(identity['external_id'] ?? '', {
      tags: properties.tags,
      language: properties.language,
      addresses: subscriptions.map(({ token, enabled }) => `${token} ${enabled ? 'on' : 'off'}`).toSorted(),
    });
  }
  return people;
}

function peopleOf(fake: OneSignalFake): Map<string, Person> {
  return new Map(
    [...fake.app.people.all()].map((user) => [
      user.aliases.get('external_id') ?? '',
      {
        tags: Object.fromEntries(user.tags),
        language: user.properties['language'] as string,
        addresses: user.subscriptions
          .map(({ token, enabled }) => `${token} ${enabled ? 'on' : 'off'}`)
          .toSorted(),
      },
    ]),
  );
}

/** The same year of the shop for both: changes of names, addresses and consent, a moved address, orders. */
async function live(shop: Shop): Promise<void> {
  const { pool } = shop;
  await pool.query(`UPDATE customers SET name = 'Renamed ' || id WHERE id % 3 = 0`);
  await pool.query(`UPDATE customers SET opted_in = false WHERE id % 4 = 0`);
  await pool.query(`UPDATE customers SET email = 'moved' || id || '@example.com' WHERE id % 5 = 0`);
  await pool.query(`UPDATE customers SET email = NULL WHERE id = 107`);
  // What one had, another has now.
  await pool.query(`UPDATE customers SET email = 'other@example.com' WHERE id = 101`);
  await pool.query(`UPDATE customers SET email = 'c1@example.com' WHERE id = 102`);
  for (let n = 0; n < 10; n += 1) await shop.addOrder(FIRST + n, 'paid');
  for (let n = 0; n < 6; n += 1) await shop.addOrder(FIRST + n, 'shipped');
}

async function watchedLife(target: Target, settled: (done: () => Promise<boolean>) => Promise<unknown>) {
  const shop = await opened.shop();
  // Carillon takes no external id "1": programs send it when they have none.
  await shop.pool.query(`ALTER TABLE customers ALTER COLUMN id RESTART WITH ${FIRST}`);
  await shop.addCustomers(CUSTOMERS);
  const run = new Watching({ ...shop.connector('http://127.0.0.1:1'), target, back: null });
  opened.add(() => run.stop().catch(() => undefined));
  await run.told('caught-up');
  await eventually('everybody', () => counted(run, 'users') >= CUSTOMERS);
  await live(shop);
  await settled(() => Promise.resolve(counted(run, 'events') >= 10 && counted(run, 'messages') >= 5));
  await run.stop();
  return run;
}

function counted(run: Watching, what: 'users' | 'events' | 'messages'): number {
  return run.reports.reduce((sum, report) => sum + (report.kind === 'delivered' ? report.batch[what] : 0), 0);
}

describe('one configuration and two targets', () => {
  it('end in the same state, and OneSignal sees no limit broken', { timeout: 180_000 }, async () => {
    const { client, target } = await startPlatform();
    const fake = await startOneSignalFake({ templates: [{ name: 'order-shipped', channel: 'email' }] });
    opened.add(() => fake.stop());
    const { url, appId, apiKey } = fake;

    let here = new Map<string, Person>();
    const carillonRun = await watchedLife(target, (sent) =>
      eventually(
        'Carillon to be done',
        async () => {
          here = await peopleAt(client);
          return (await sent()) && isSettled(here);
        },
        60_000,
      ),
    );
    const fakeRun = await watchedLife(onesignal({ url, appId, apiKey, plan: 'growth' }), (sent) =>
      eventually('the fake to be done', async () => (await sent()) && isSettled(peopleOf(fake)), 60_000),
    );
    expect(peopleOf(fake)).toEqual(here);
    expect(here.size).toBe(CUSTOMERS);
    for (const what of ['events', 'messages'] as const)
      expect(counted(fakeRun, what)).toBe(counted(carillonRun, what));
    expect(fake.app.events).toHaveLength(10);
    expect(fake.violations.list()).toEqual([]);
  });
});

/** The last things that `live` does have come through. */
function isSettled(people: ReadonlyMap<string, Person>): boolean {
  const has = (id: string, address: string) => people.get(id)?.addresses.includes(address) === true;
  return (
    people.get('106')?.tags['orders'] === '2' &&
    people.get('138')?.tags['name'] === 'Renamed 138' &&
    has('140', 'moved140@example.com off') &&
    has('140', 'c40@example.com off') &&
    has('135', 'c35@example.com off') &&
    has('107', 'c7@example.com off') &&
    has('102', 'c1@example.com on') &&
    has('101', 'other@example.com on')
  );
}
