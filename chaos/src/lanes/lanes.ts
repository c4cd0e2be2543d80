import type { Scenario } from '../scenario.ts';
import { audit } from './audit-store.ts';
import { Feeder } from './feeder.ts';
import { send, startLaneWorld, whatIsLeft } from './world.ts';

const USERS = 400;
const LEASE_MS = 3_000;
/** Beyond the lease: two looks at the peers and the end of a batch, on a busy machine. */
const GRACE_MS = 1_000;

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
    const audience = { kind: 'event_trigger', name: 'tick' };
    const world = await startLaneWorld(chaos, { users: USERS, audience, nodes: NODES });
    const { appId, database, events, fleet } = world;
    const feeder = new Feeder(events, appId, USERS);
    const feeding = feeder.run(4, 25);
    await fleet.attack(chaos.durationMs);
    feeder.stop();
    await feeding;
    chaos.say(
      `${feeder.accepted} events accepted, ${fleet.kills} kills, ${fleet.freezes} freezes; waiting for the last timers`,
    );
    const left = await whatIsLeft(database);
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
