import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { required } from '@carillon/client';
import type { Client } from '@carillon/client';
import { Child, until } from '@carillon/test-kit';
import { buildProcess } from '../build-process.ts';
import { fastClock } from '../fast-clock.ts';
import { readArrivals } from '../read-arrivals.ts';
import type { Scenario } from '../scenario.ts';
import type { Arrival } from './arrival.ts';
import { countTries, cutConnections, readTable } from './audit-store.ts';
import { Feeder } from './feeder.ts';
import { Fleet } from './fleet.ts';
import { judge } from './judge.ts';
import { Receiver } from './receiver.ts';
import { makeWorld, readFeed } from './world.ts';

const WORKERS = 3;
/** An hour of the streams' clock takes a second. */
const SPEED = 3_600;
const DAY_MS = 86_400_000;
/** In real time. */
const LEASE_MS = 2_000;
const CUT_EVERY_MS = 900;
/** The usual schedule, and some more, so that nothing is given up because it had bad luck eight times. */
const SCHEDULE = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000];
const WEBHOOKS = ['single', 'batched'];
const ALL = { kinds: ['*'] };
/** For a broken engine, not a measurement. */
const PATIENCE_MS = 240_000;

export const streams: Scenario = {
  about:
    'events of many users go to a webhook one by one, to another in batches, and into a table, while the processes that send them are killed and frozen, the receiver is killed, refuses and loses answers, connections to both databases are cut, and the endpoint is down for a day of the clock; then what came is held against the feed, and everything is replayed (--kills N, --users N, --rate EVENTS_PER_S)',
  async run(chaos) {
    const kills = chaos.number('kills', 40);
    const rate = chaos.number('rate', 300);
    const { database, client, workerEnv, names } = await makeWorld(chaos, chaos.number('users', 400));
    const warehouse = await chaos.database();
    const folder = mkdtempSync(join(tmpdir(), 'carillon-streams-'));
    chaos.afterwards(() => rmSync(folder, { recursive: true, force: true }));
    const worker = await build('./streams-process.ts');
    const receiving = await build('./receiver-process.ts');
    chaos.afterwards(() => worker.remove());
    chaos.afterwards(() => receiving.remove());
    const receiver = new Receiver(receiving.module, join(folder, 'arrivals'));
    chaos.afterwards(() => receiver.end());
    await receiver.start();
    await setStreams(client, receiver, warehouse.url);

    const base = Date.now();
    const clock = fastClock(base, SPEED);
    const args = [String(base), String(SPEED), String(LEASE_MS)];
    const fleet = new Fleet(() => new Child(worker.module, args, workerEnv), LEASE_MS * 2);
    chaos.afterwards(() => fleet.end());
    await Promise.all(Array.from({ length: WORKERS }, () => fleet.add()));

    const feeder = new Feeder(client, names);
    let [isFeeding, isRough] = [true, true];
    const feeding = feeder.run(rate, () => isFeeding);
    const suffering = receiver.suffer(() => isRough);
    const cutting = cutAgain(database, warehouse.database, () => isRough);
    await fleet.attack(kills, chaos.durationMs);
    isRough = false;
    await suffering;
    const cuts = await cutting;
    chaos.say(
      `${fleet.kills} kills and ${fleet.freezes} freezes of senders, ${receiver.kills} kills of the receiver, ${cuts} cuts of all connections`,
    );

    await receiver.kill();
    const down = clock.now();
    await until(
      'the clock has gone on by a day',
      async () => clock.now() > down + DAY_MS || pause(100),
      PATIENCE_MS,
    );
    const tries = await countTries(database, down, clock.now());
    await receiver.start();
    await receiver.calmDown(0);
    isFeeding = false;
    await feeding;
    chaos.say(`${feeder.accepted} events accepted; ${tries} requests while the endpoint was down for a day`);
    await settled(client);
    const views = await Promise.all(
      [...WEBHOOKS, 'table'].map(async (name) => required(await client.eventStreams.view(name))),
    );

    await receiver.calmDown(1);
    for (const name of WEBHOOKS)
      required(await client.eventStreams.replay(name, { from: new Date(0).toISOString() }));
    await settled(client);
    await fleet.end();
    return judge({
      webhooks: WEBHOOKS,
      arrivals: readArrivals<Arrival>(receiver.file),
      feed: await readFeed(client),
      table: await readTable(warehouse.database),
      accepted: feeder.accepted,
      kills: fleet.kills + fleet.freezes + receiver.kills,
      triesWhileDown: tries,
      givenUp: views.reduce((sum, { given_up: count }) => sum + count, 0),
    });
  },
};

function build(file: string) {
  return buildProcess(new URL(file, import.meta.url));
}

async function setStreams(client: Client, receiver: Receiver, warehouse: string): Promise<void> {
  for (const name of WEBHOOKS) {
    const { secret = '' } = required(
      await client.eventStreams.set(name, {
        kind: 'webhook',
        url: `${receiver.url}/${name}`,
        filters: ALL,
        batch: name === 'batched' ? 20 : 1,
        retry_schedule: SCHEDULE,
      }),
    );
    receiver.learn(name, secret);
  }
  required(
    await client.eventStreams.set('table', {
      kind: 'postgres',
      url: warehouse,
      filters: ALL,
      retry_schedule: SCHEDULE,
    }),
  );
  await receiver.kill();
  await receiver.start();
}

async function cutAgain(
  database: Parameters<typeof cutConnections>[0],
  warehouse: Parameters<typeof cutConnections>[1],
  going: () => boolean,
): Promise<number> {
  let cuts = 0;
  for (; going(); cuts += 1) {
    await pause(CUT_EVERY_MS * (0.5 + Math.random()));
    await cutConnections(database, warehouse);
  }
  return cuts;
}

/** Until every stream has read the whole feed and holds nothing. */
async function settled(client: Client): Promise<void> {
  const isDone = async () => {
    const { event_streams: all } = required(await client.eventStreams.list());
    const off = all.find(({ state }) => state !== 'active');
    if (off !== undefined) throw new Error(`${off.name} is ${off.state}: ${off.reason}`);
    return all.every(({ lag, held }) => lag.events === 0 && held === 0) || pause(200);
  };
  await until('all streams have come to the end of the feed', isDone, PATIENCE_MS);
}
