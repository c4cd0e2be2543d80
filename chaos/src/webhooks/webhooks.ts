import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLog, loadConfig, startWebhooks } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import { buildProcess } from '../build-process.ts';
import { Feeder } from '../lanes/feeder.ts';
import { startLaneWorld, whatIsLeft } from '../lanes/world.ts';
import type { LanePlace } from '../lanes/world.ts';
import { readArrivals } from '../read-arrivals.ts';
import type { Scenario } from '../scenario.ts';
import { Fleet } from '../streams/fleet.ts';
import { Receiver } from '../streams/receiver.ts';
import type { Arrival } from './arrival.ts';
import { callsLeft, insertApp, readBooks } from './audit-store.ts';
import { judge } from './judge.ts';

const CALLERS = 3;
const FEEDERS = 4;
/** Of events that a feeder posts at a time. */
const PAUSE_MS = 500;
/** In real time. */
const LEASE_MS = 3_000;
/** The receiver lives for half of it, or one and a half of it. */
const RECEIVER_LIVES_MS = 4_000;
/** So long everything is well, while calls go on. */
const CALM_MS = 5_000;
const NAMES = ['first', 'second'];
/** Seconds of the clock: 49 s of ours, so that nothing is given up because it had bad luck many times. */
const SCHEDULE = [5, 10, 30, 60, 120, 300, 600, 600, 600, 600];
const WAIT = { kind: 'wait', duration_seconds: 60 };

export const webhooks: Scenario = {
  about:
    'journeys call two webhooks for every event, while the processes that make the calls and those that move the journeys are killed and frozen, and the receiver is killed, refuses and loses answers; then what came is held against the events (--kills N, --users N)',
  async run(chaos) {
    const users = chaos.number('users', 400);
    const kills = chaos.number('kills', 30);
    const folder = mkdtempSync(join(tmpdir(), 'carillon-webhooks-'));
    chaos.afterwards(() => rmSync(folder, { recursive: true, force: true }));
    const caller = await buildProcess(new URL('./webhooks-process.ts', import.meta.url));
    chaos.afterwards(() => caller.remove());
    const receiving = await buildProcess(new URL('./receiver-process.ts', import.meta.url));
    chaos.afterwards(() => receiving.remove());
    const receiver = new Receiver(receiving.module, join(folder, 'arrivals'));
    chaos.afterwards(() => receiver.end());
    await receiver.start();

    const env = { CARILLON_MASTER_KEY: randomBytes(32).toString('base64') };
    const audience = { kind: 'event_trigger', name: 'tick' };
    const world = await startLaneWorld(chaos, {
      users,
      audience,
      nodes: async (place) => {
        const [first, second] = await makeWebhooks(place, receiver, envOf(place, env));
        return [callTo(first), WAIT, callTo(second)];
      },
    });
    const { appId, database, events, fleet: workers, base, speed } = world;
    const args = [base, speed, LEASE_MS].map(String);
    const callers = new Fleet(() => new Child(caller.module, args, envOf(world, env)), LEASE_MS * 1.5);
    chaos.afterwards(() => callers.end());
    await Promise.all(Array.from({ length: CALLERS }, () => callers.add()));

    const feeder = new Feeder(events, appId, users);
    const feeding = feeder.run(FEEDERS, PAUSE_MS);
    let isRough = true;
    const suffering = receiver.suffer(() => isRough, RECEIVER_LIVES_MS);
    await Promise.all([callers.attack(kills, chaos.durationMs), workers.attack(chaos.durationMs)]);
    isRough = false;
    await suffering;
    await receiver.calmDown(0);
    await pause(CALM_MS);
    feeder.stop();
    await feeding;
    chaos.say(
      `${feeder.accepted} events accepted; ${callers.kills} kills and ${callers.freezes} freezes of callers, ${workers.kills} and ${workers.freezes} of the journeys' workers, ${receiver.kills} kills of the receiver`,
    );
    const { inbox, runs } = await whatIsLeft(database);
    await untilCalled(database);
    await callers.end();
    return judge({
      arrivals: readArrivals<Arrival>(receiver.file),
      books: await readBooks(database),
      callsARun: NAMES.length,
      accepted: feeder.accepted,
      troubles: [...callers.troubles, ...receiver.troubles],
      kills: callers.kills + callers.freezes + workers.kills + workers.freezes + receiver.kills,
      unfinished: inbox + runs,
    });
  },
};

function callTo(webhookId: string | undefined): object {
  return { kind: 'send_webhook', webhook_id: webhookId };
}

function envOf({ url }: LanePlace, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...more,
    DATABASE_URL: url,
    CARILLON_LOG_LEVEL: 'fatal',
    CARILLON_DATABASE_CONNECTIONS: '8',
    CARILLON_OUTBOUND_ALLOWED: '127.0.0.1',
  };
}

/** The ids of the webhooks, whose secrets the receiver learns. */
async function makeWebhooks(
  { appId, database, clock }: LanePlace,
  receiver: Receiver,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  await insertApp(database, appId);
  const log = createLog({ level: 'error' });
  const timing = { leaseMs: LEASE_MS, lookEveryMs: LEASE_MS };
  const maker = await startWebhooks(loadConfig(env), { log, clock, ...timing });
  const ids: string[] = [];
  for (const name of NAMES) {
    const asked = { name, url: `${receiver.url}/${name}`, retry_schedule: SCHEDULE };
    const { row, madeSecret } = await maker.webhooks.create(appId, asked, { kind: 'system' });
    receiver.learn(name, madeSecret ?? '');
    ids.push(row.id);
  }
  await maker.stop();
  await receiver.kill();
  await receiver.start();
  return ids;
}

const LOOK_AGAIN_MS = 500;
const LOOKS_WITHOUT_PROGRESS = 60;

/** Until all calls are made, or none has been for half a minute. */
async function untilCalled(database: LanePlace['database']): Promise<void> {
  let left = await callsLeft(database);
  for (let still = 0; left > 0 && still < LOOKS_WITHOUT_PROGRESS; still += 1) {
    await pause(LOOK_AGAIN_MS);
    const now = await callsLeft(database);
    if (now !== left) still = 0;
    left = now;
  }
}
