import { setTimeout as pause } from 'node:timers/promises';
import { CustomEvents, Identity, Journeys, Partitions } from '@carillon/server';
import type { Clock, Database } from '@carillon/server';
import { buildProcess } from '../build-process.ts';
import { fastClock } from '../fast-clock.ts';
import type { Chaos } from '../scenario.ts';
import { readLeft } from './audit-store.ts';
import type { Left } from './audit-store.ts';
import { Fleet } from './fleet.ts';

const APP = '00000000-0000-4000-8000-00000000000a';
const TEMPLATE = '00000000-0000-4000-8000-00000000000b';
const CONTENT = '00000000-0000-4000-8000-00000000000c';
const WORKERS = 4;
/** A minute of the journeys takes a second. */
const SPEED = 60;
const AT_ONCE = 100;

/** A node that sends an email. */
export const send = { kind: 'send_email', template_id: TEMPLATE };

/** Where a world is, before there is a journey in it. */
export interface LanePlace {
  readonly appId: string;
  readonly url: string;
  readonly database: Database;
  /** Goes `speed` times as fast as the machine's since `base`. */
  readonly clock: Clock;
  readonly base: number;
  readonly speed: number;
}

/** People, a live journey of theirs, and processes that work it. */
export interface LaneWorld extends LanePlace {
  readonly events: CustomEvents;
  readonly fleet: Fleet;
}

/**
 * Users are called `user-0` and so on, and have an email address each. `audience` and `nodes` as a request has them;
 * nodes can be made of what is first put into the place.
 */
export async function startLaneWorld(
  chaos: Chaos,
  {
    users,
    audience,
    nodes,
  }: {
    readonly users: number;
    readonly audience: object;
    readonly nodes: readonly object[] | ((place: LanePlace) => Promise<readonly object[]>);
  },
): Promise<LaneWorld> {
  const { url, database } = await chaos.database();
  const base = Date.now();
  const clock = fastClock(base, SPEED);
  const partitions = new Partitions(database);
  await partitions.ahead(clock.now());
  const identity = new Identity({ database, clock });
  for (let user = 0; user < users; user += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, users - user) }, (_, n) =>
        identity.upsertUser(APP, {
          identity: { external_id: `user-${user + n}` },
          subscriptions: [{ type: 'Email', token: `user-${user + n}@example.com` }],
        }),
      ),
    );
  }
  const place = { appId: APP, url, database, clock, base, speed: SPEED };
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
  const made = typeof nodes === 'function' ? await nodes(place) : nodes;
  const { id } = await journeys.create(APP, { name: 'Chaos', audience, nodes: made });
  await journeys.update(APP, id, { state: 'active' });

  const worker = await buildProcess(new URL('./worker-process.ts', import.meta.url));
  chaos.afterwards(() => worker.remove());
  const fleet = new Fleet(database, worker.module, [url, String(base), String(SPEED), CONTENT]);
  chaos.afterwards(() => fleet.end());
  await Promise.all(Array.from({ length: WORKERS }, () => fleet.add()));
  // Hints are left out on purpose: nothing may depend on them.
  const events = new CustomEvents({ database, partitions, identity, hints: { give: () => {} }, clock });
  return { ...place, events, fleet };
}

const LOOK_AGAIN_MS = 500;
const LOOKS_WITHOUT_PROGRESS = 60;

/** Waits until nothing is on its way any more, or nothing moves; what is left then. */
export async function whatIsLeft(database: Database): Promise<Left> {
  let left = await readLeft(database);
  for (let still = 0; left.inbox + left.runs > 0 && still < LOOKS_WITHOUT_PROGRESS; still += 1) {
    await pause(LOOK_AGAIN_MS);
    const now = await readLeft(database);
    if (now.inbox + now.runs !== left.inbox + left.runs) still = 0;
    left = now;
  }
  return left;
}
