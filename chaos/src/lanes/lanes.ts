import { setTimeout as pause } from 'node:timers/promises';
import { CustomEvents, Identity, Journeys, Partitions } from '@carillon/server';
import { until } from '@carillon/test-kit';
import { fastClock } from '../fast-clock.ts';
import type { Scenario } from '../scenario.ts';
import { audit, readLeft } from './audit-store.ts';
import { Feeder } from './feeder.ts';
import { Fleet } from './fleet.ts';

const APP = '00000000-0000-4000-8000-00000000000a';
const TEMPLATE = '00000000-0000-4000-8000-00000000000b';
const CONTENT = '00000000-0000-4000-8000-00000000000c';
const USERS = 400;
const WORKERS = 4;
/** A minute of the journeys takes a second. */
const SPEED = 60;
const LEASE_MS = 3_000;
/** Beyond the lease: two looks at the peers and the end of a batch, on a busy machine. */
const GRACE_MS = 1_000;

const send = { kind: 'send_email', template_id: TEMPLATE };
const NODES = [
  send,
  { kind: 'wait', duration_seconds: 60 },
  send,
  { kind: 'wait', duration_seconds: 120 },
  send,
];
const WAY = 'entered sent waited sent waited sent completed';

export const lanes: Scenario = {
  about:
    'four processes own lanes and run journeys with timers while events stream in; they are killed and frozen at random; then every event is held against what it led to',
  async run(chaos) {
    const { url, database } = await chaos.database();
    const base = Date.now();
    const clock = fastClock(base, SPEED);
    const partitions = new Partitions(database);
    await partitions.ahead(clock.now());
    const identity = new Identity({ database, clock });
    for (let user = 0; user < USERS; user += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          identity.upsertUser(APP, {
            identity: { external_id: `user-${user + n}` },
            subscriptions: [{ type: 'Email', token: `user-${user + n}@example.com` }],
          }),
        ),
      );
    }
    const journeys = new Journeys({
      database,
      clock,
      named: {
        template: () => Promise.resolve({ channel: 'email', readsEvents: false }),
        segment: () => Promise.resolve({ isActive: true }),
        webhook: () => Promise.resolve({ isActive: true }),
      },
      onChange: () => {},
      watchSegments: () => Promise.resolve(),
    });
    const { id } = await journeys.create(APP, {
      name: 'Chaos',
      audience: { kind: 'event_trigger', name: 'tick' },
      nodes: NODES,
    });
    await journeys.update(APP, id, { state: 'active' });

    const fleet = new Fleet(database, [url, String(base), String(SPEED), CONTENT]);
    chaos.afterwards(() => fleet.end());
    await Promise.all(Array.from({ length: WORKERS }, () => fleet.add()));

    // Hints are left out on purpose: nothing may depend on them.
    const events = new CustomEvents({ database, partitions, identity, hints: { give: () => {} }, clock });
    const feeder = new Feeder(events, APP, USERS);
    const feeding = feeder.run(4, 25);
    await fleet.attack(chaos.durationMs);
    feeder.stop();
    await feeding;
    chaos.say(
      `${feeder.accepted} events accepted, ${fleet.kills} kills, ${fleet.freezes} freezes; waiting for the last timers`,
    );
    await until('everything has arrived', async () => {
      const { inbox, runs } = await readLeft(database);
      await pause(200);
      return inbox + runs === 0;
    }).catch((error: Error) => chaos.say(error.message));

    const left = await readLeft(database);
    const found = await audit(database, 3, WAY);
    const figures = {
      kills: fleet.kills + fleet.freezes,
      freezes: fleet.freezes,
      events: found.events,
      lost: found.lost,
      duplicated: found.duplicated,
      unaccounted: left.inbox + left.runs + found.orphans + found.incompleteRuns,
      out_of_order: found.outOfOrder,
      slowest_take_over_after_kill_ms: Math.round(fleet.slowestAfterKill),
      slowest_take_over_after_freeze_ms: Math.round(fleet.slowestAfterFreeze),
    };
    const broken = [
      feeder.accepted !== found.events &&
        `${feeder.accepted} events were accepted and ${found.events} are stored`,
      figures.lost > 0 && `${figures.lost} steps were not taken`,
      figures.duplicated > 0 && `${figures.duplicated} steps were taken twice`,
      figures.unaccounted > 0 && `${figures.unaccounted} runs, rows or messages do not add up`,
      figures.out_of_order > 0 &&
        `${figures.out_of_order} events were worked before an earlier one of the same user`,
      fleet.slowestAfterKill > LEASE_MS &&
        `a dead process kept its lanes for ${figures.slowest_take_over_after_kill_ms} ms`,
      fleet.slowestAfterFreeze > LEASE_MS + GRACE_MS &&
        `a frozen process kept its lanes for ${figures.slowest_take_over_after_freeze_ms} ms`,
    ].filter((sentence) => sentence !== false);
    return { figures, broken };
  },
};
