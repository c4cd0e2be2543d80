import { send, startLaneWorld, whatIsLeft } from '../lanes/world.ts';
import type { Scenario } from '../scenario.ts';
import { auditJourneys } from './audit-store.ts';
import { RunFeeder } from './feeder.ts';

/** `--runs N`, `--kills N` and `--users N` make it other numbers. */
const RUNS = 200_000;
const KILLS = 200;
const USERS = 5_000;

const wait = { kind: 'wait', duration_seconds: 60 };
const NODES = [
  send,
  wait,
  {
    kind: 'wait_until',
    branches: [
      {
        condition: {
          kind: 'event_trigger',
          name: 'go',
          entry_event_match_attributes: [{ entry_key: 'order', event_key: 'order' }],
        },
        nodes: [{ kind: 'tag', assignments: { went: 'yes' } }],
      },
    ],
    expiration: { duration_seconds: 120, exits: false },
  },
  {
    kind: 'split_range',
    randomize_on_entry: true,
    branches: [
      { weight: 50, nodes: [send] },
      { weight: 50, nodes: [wait] },
    ],
  },
  send,
];
const WAY = '^entered sent waited (branched tagged|waited) branched (sent|waited) sent completed$';

export const journeys: Scenario = {
  about:
    'four processes move runs through waits, events, tags, splits and messages; they are killed and frozen at random; then every run, message, tag and count is held against the others',
  async run(chaos) {
    const runs = chaos.number('runs', RUNS);
    const users = chaos.number('users', USERS);
    const audience = { kind: 'event_trigger', name: 'start' };
    const world = await startLaneWorld(chaos, { users, audience, nodes: NODES });
    const { appId, database, events, fleet } = world;
    const feeder = new RunFeeder(events, appId, users);
    await Promise.all([feeder.start(runs, 50), fleet.attackTimes(chaos.number('kills', KILLS))]);
    chaos.say(
      `${feeder.started} runs started, ${fleet.kills} kills, ${fleet.freezes} freezes; waiting for the last timers`,
    );
    const left = await whatIsLeft(database);
    const found = await auditJourneys(database, WAY);
    const figures = {
      kills: fleet.kills + fleet.freezes,
      freezes: fleet.freezes,
      runs: found.runs,
      messages: found.messages,
      lost: found.started - found.runs + found.incomplete + Math.max(0, found.lines - found.messages),
      duplicated: found.doubled + found.runsDoubled,
      unaccounted: left.inbox + left.runs + found.gaps + found.orphans + found.wrongCounts + found.tagless,
    };
    const broken = [
      feeder.started !== found.started &&
        `${feeder.started} runs were started and ${found.started} events are stored`,
      found.runs !== found.started && `${found.started} events let users in and there are ${found.runs} runs`,
      found.incomplete > 0 && `${found.incomplete} runs did not go the whole way`,
      found.gaps > 0 && `${found.gaps} runs have a gap in their trace, or a step twice`,
      found.lines !== found.messages && `${found.lines} lines tell of ${found.messages} messages`,
      found.doubled > 0 && `${found.doubled} messages were made twice`,
      found.runsDoubled > 0 && `${found.runsDoubled} events let in twice`,
      found.orphans > 0 && `${found.orphans} messages have no chunk or no line`,
      found.wrongCounts > 0 && `${found.wrongCounts} counts are not what the traces say`,
      found.tagless > 0 && `${found.tagless} users lack a tag that their trace tells of`,
      left.inbox + left.runs > 0 && `${left.inbox} rows and ${left.runs} runs are left`,
    ].filter((sentence) => sentence !== false);
    return { figures, broken };
  },
};
