import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { buildModule, Child } from '@carillon/test-kit';
import pg from 'pg';
import type { Scenario } from '../scenario.ts';
import { Target } from './target.ts';
import type { WatchSettings } from './watch-process.ts';

const CUSTOMERS = 100;
const PATIENCE_MS = 60_000;
const LATEST_NEWS_MS = 400;

export const connectorConsent: Scenario = {
  about:
    'rows change their minds about mails while people unsubscribe and come back at the target, its feed tells late, and the connector is killed at random; at the end everybody has what was said last (--seconds N, --customers N)',
  async run(chaos) {
    const customers = chaos.number('customers', CUSTOMERS);
    const { url } = await chaos.database();
    const shop = new pg.Pool({ connectionString: url, max: 4 });
    const target = new Target();
    const home = mkdtempSync(join(tmpdir(), 'carillon-consent-'));
    const name = `consent_${randomBytes(4).toString('hex')}`;
    chaos.afterwards(async () => {
      await target.stop();
      await dropSlot(shop, `carillon_${name}`);
      await shop.end();
      rmSync(home, { recursive: true, force: true });
    });
    await target.start();
    await shop.query(`CREATE TABLE customers (
      id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, opted_in boolean NOT NULL, opted_in_at timestamptz NOT NULL)`);
    await shop.query(
      `INSERT INTO customers SELECT n, 'n', 'c' || n || '@example.com', true, now() - interval '1 day'
       FROM generate_series(1, $1::int) n`,
      [customers],
    );

    const settings: WatchSettings = { databaseUrl: url, targetUrl: target.url, home, name };
    // From source it would be killed before it has begun.
    const built = await buildModule(new URL('./watch-process.ts', import.meta.url));
    chaos.afterwards(() => built.remove());
    const start = () => new Child(built.module, [JSON.stringify(settings)]);
    let child = start();
    chaos.afterwards(() => child.kill());
    await until(() => target.people.size === customers);

    const world = new World(shop, target, customers);
    const ends = Date.now() + chaos.durationMs;
    const acting = world.act(ends);
    let kills = 0;
    while (Date.now() < ends) {
      await pause(100 + Math.random() * 1200);
      await child.kill();
      kills += 1;
      child = start();
    }
    await acting;
    const settled = await until(() => world.wrong().length === 0);
    const wrong = world.wrong();
    chaos.say(
      `${kills} kills, ${world.said} words said, ${wrong.length} people with another state than they said`,
    );
    return {
      figures: { kills, lost: wrong.length, duplicated: 0, unaccounted: 0, said: world.said },
      broken: settled ? [] : wrong.slice(0, 10),
    };
  },
};

/** Both sides, and the naive judge: the last word of each person. */
class World {
  said = 0;
  readonly #shop: pg.Pool;
  readonly #target: Target;
  readonly #customers: number;
  readonly #last = new Map<number, { readonly granted: boolean; readonly by: string }>();
  #clock = Date.now();

  constructor(shop: pg.Pool, target: Target, customers: number) {
    this.#shop = shop;
    this.#target = target;
    this.#customers = customers;
  }

  /** Who has another state at the target than they said last, in sentences. */
  wrong(): string[] {
    return [...this.#last].flatMap(([id, { granted, by }]) => {
      const enabled = this.#target.people.get(String(id))?.enabled;
      return enabled === granted
        ? []
        : [`customer ${id} said ${granted ? 'yes' : 'no'} last, by ${by}, and is ${String(enabled)}`];
    });
  }

  async act(ends: number): Promise<void> {
    const late: Promise<void>[] = [];
    while (Date.now() < ends) {
      const id = 1 + Math.floor(Math.random() * this.#customers);
      const granted = Math.random() < 0.5;
      switch (Math.floor(Math.random() * 3)) {
        case 0:
          await this.#row(id, granted);
          break;
        case 1:
          late.push(this.#person(id, granted));
          break;
        default:
          // A change that says nothing of mails: its request carries the state all the same.
          await this.#shop.query('UPDATE customers SET name = $2 WHERE id = $1', [id, randomUUID()]);
      }
      await pause(Math.random() * 4);
    }
    await Promise.all(late);
  }

  async #row(id: number, granted: boolean): Promise<void> {
    const at = this.#moment();
    await this.#shop.query('UPDATE customers SET opted_in = $2, opted_in_at = $3 WHERE id = $1', [
      id,
      granted,
      new Date(at),
    ]);
    this.#say(id, granted, 'the row');
  }

  async #person(id: number, granted: boolean): Promise<void> {
    const at = this.#moment();
    const person = this.#target.people.get(String(id));
    if (person !== undefined) person.enabled = granted;
    this.#say(id, granted, 'the target');
    await pause(Math.random() * LATEST_NEWS_MS);
    this.#target.tell({
      id: randomUUID(),
      kind: `message.email.${granted ? 'resubscribed' : 'unsubscribed'}`,
      at: new Date(at).toISOString(),
      message_id: null,
      template_id: null,
      subscription_id: null,
      onesignal_id: null,
      external_id: String(id),
      channel: 'email',
      address: `c${id}@example.com`,
      reason: null,
      url: null,
    });
  }

  /** No two words are said in the same millisecond: which of them was last nobody could tell. */
  #moment(): number {
    this.#clock = Math.max(Date.now(), this.#clock + 1);
    return this.#clock;
  }

  #say(id: number, granted: boolean, by: string): void {
    this.said += 1;
    this.#last.set(id, { granted, by });
  }
}

async function until(condition: () => boolean): Promise<boolean> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await pause(50);
  }
  return true;
}

async function dropSlot(shop: pg.Pool, slot: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const dropped = await shop
      .query('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1', [
        slot,
      ])
      .then(
        () => true,
        () => false,
      );
    if (dropped) return;
    await pause(50);
  }
}
