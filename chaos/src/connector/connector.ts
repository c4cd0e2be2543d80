import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '@carillon/connector';
import { startOneSignalFake } from '@carillon/onesignal-fake';
import type { OneSignalFake } from '@carillon/onesignal-fake';
import { buildModule, Child, until } from '@carillon/test-kit';
import type { Scenario, Verdict } from '../scenario.ts';
import { judge } from './judge.ts';
import { Shop } from './shop.ts';
import type { ShopSize } from './shop.ts';
import type { WatchSettings } from './watch-process.ts';

/** Some starts are killed before they have begun, and some runs are well under way. */
const LONGEST_LIFE_MS = 4_000;
/** How long nothing may change for the better before the verdict is final. */
const PATIENCE_MS = 120_000;
const RATE = 5_000;
const FAULTS = { 'lose-answer': 0.02, unavailable: 0.003, 'server-error': 0.01, reset: 0.01 };
/** Each fault holds every call back for a while: larger runs have so many faults, and not more, or they would not end. */
const REQUESTS_WITH_FAULTS = 10_000;

export const connector: Scenario = {
  about:
    'a watch follows a shop in PostgreSQL to the OneSignal fake, which loses answers and fails; it is killed at random while users are loaded, rows change and orders call for events and messages; at the end every user is as its row says, each event and message is there once (--kills N, --users N, --events N, --messages N)',
  async run(chaos) {
    const kills = chaos.number('kills', 200);
    const size = {
      users: chaos.number('users', 100_000),
      events: chaos.number('events', 10_000),
      messages: chaos.number('messages', 1_000),
    };
    const { url } = await chaos.database();
    const name = `chaos_${randomBytes(4).toString('hex')}`;
    const shop = new Shop(url, size);
    const fake = await startOneSignalFake({
      plan: 'enterprise',
      rates: { users: RATE },
      templates: [{ name: 'order-shipped', channel: 'email' }],
      faults: { seed: chaos.number('seed', 1), rates: faultsOf(size) },
    });
    const home = await mkdtemp(join(tmpdir(), 'carillon-chaos-'));
    chaos.afterwards(async () => {
      await fake.stop();
      await dropSlot(shop, `carillon_${name}`);
      await shop.pool.end();
      await rm(home, { recursive: true });
    });
    await shop.open();

    const { appId, apiKey } = fake;
    const settings = { databaseUrl: url, target: { url: fake.url, appId, apiKey }, rate: RATE, home, name };
    const built = await buildModule(new URL('./watch-process.ts', import.meta.url));
    chaos.afterwards(() => built.remove());
    const watch = new Watch(built.module, settings);
    chaos.afterwards(() => watch.kill());
    await until('the first watch has begun', () => watch.hasBegun, PATIENCE_MS);
    let killed = 0;
    const trading = shop.trade(() => killed / Math.max(1, kills));
    for (; killed < kills; killed += 1) {
      await pause(Math.random() * LONGEST_LIFE_MS);
      await watch.kill();
      watch.start();
      if ((killed + 1) % 20 === 0) chaos.say(`${killed + 1} kills, ${fake.app.people.size} users`);
    }
    await trading;
    const { figures, broken } = await settle(() => verdict(killed, shop, fake));
    const { median, longest } = watch.restarts();
    chaos.say(
      `restarts took ${median} ms in the middle and ${longest} ms at most, with the start of the process`,
    );
    return { figures: { ...figures, ...size, restart_p50_ms: median, restart_max_ms: longest }, broken };
  },
};

function faultsOf({ users, events, messages }: ShopSize): Readonly<Record<keyof typeof FAULTS, number>> {
  const share = Math.min(1, REQUESTS_WITH_FAULTS / (users + events + messages));
  const of = (name: keyof typeof FAULTS) => FAULTS[name] * share;
  return {
    'lose-answer': of('lose-answer'),
    unavailable: of('unavailable'),
    'server-error': of('server-error'),
    reset: of('reset'),
  };
}

/** The process, from kill to kill. */
class Watch {
  hasBegun = false;
  readonly #module: URL;
  readonly #settings: WatchSettings;
  readonly #restarts: number[] = [];
  #child: Child;

  constructor(module: URL, settings: WatchSettings) {
    this.#module = module;
    this.#settings = settings;
    this.#child = this.#fork();
  }

  start(): void {
    this.#child = this.#fork();
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }

  /** Milliseconds from the start of a process to the moment at which it reads where it was. */
  restarts(): { readonly median: number; readonly longest: number } {
    const sorted = this.#restarts.toSorted((a, b) => a - b);
    return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, longest: sorted.at(-1) ?? 0 };
  }

  #fork(): Child {
    const started = Date.now();
    const child = new Child(this.#module, [JSON.stringify(this.#settings)]);
    child.listen((message) => {
      const report = message as Report;
      if (report.kind !== 'begun') return;
      this.hasBegun = true;
      if (report.reason === 'resumed') this.#restarts.push(Date.now() - started);
    });
    return child;
  }
}

/** Judges again and again until nothing is amiss, or nothing has come right for long. */
async function settle(look: () => Promise<Verdict>): Promise<Verdict> {
  let best = Number.POSITIVE_INFINITY;
  let deadline = 0;
  for (;;) {
    const verdict = await look();
    const amiss = verdict.figures.lost + verdict.figures.duplicated + verdict.figures.unaccounted;
    if (amiss < best) deadline = Date.now() + PATIENCE_MS;
    best = Math.min(best, amiss);
    if (amiss === 0 || Date.now() > deadline) return verdict;
    await pause(1_000);
  }
}

async function verdict(kills: number, shop: Shop, { app }: OneSignalFake): Promise<Verdict> {
  const users = [...app.people.all()].map(({ aliases, tags, subscriptions }): [string, string] => {
    const reached = subscriptions.filter(({ enabled }) => enabled).map(({ token }) => `, ${token}`);
    const told = `${tags.get('name')}, ${tags.get('orders')} orders${reached.join('')}`;
    return [aliases.get('external_id') ?? 'without a name', told];
  });
  return judge({
    kills,
    expected: await shop.expected(),
    users: new Map(users),
    paid: shop.paid,
    shipped: shop.shipped,
    events: app.events.map(({ properties }) => orderOf(properties)),
    messages: [...app.messages.values()].map(({ body }) => orderOf(body['custom_data'])),
  });
}

function orderOf(data: unknown): number {
  return Number((data as { readonly order_id?: number }).order_id);
}

async function dropSlot({ pool }: Shop, slot: string): Promise<void> {
  const text = 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1';
  const dropped = () =>
    pool.query(text, [slot]).then(
      () => true,
      () => false,
    );
  await until('the slot is gone', dropped, PATIENCE_MS);
}
