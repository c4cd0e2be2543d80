import {
  CustomEvents,
  Identity,
  JourneyBook,
  JourneyStore,
  JourneyWorker,
  Journeys,
  Lanes,
  NameTallies,
  Partitions,
  connectHints,
  createLog,
  openLaneDatabase,
  systemClock,
} from '@carillon/server';
import type { Database, Queryable } from '@carillon/server';
import type { Bench } from '../benchmark.ts';

export const APP = '00000000-0000-4000-8000-00000000000a';
const TEMPLATE = '00000000-0000-4000-8000-00000000000b';
const CONTENT = '00000000-0000-4000-8000-00000000000c';

export const wait = (seconds: number) => ({ kind: 'wait', duration_seconds: seconds });
export const send = { kind: 'send_email', template_id: TEMPLATE };

/** What lane work runs its statements on. */
export type WatchedDatabase = Queryable & Pick<Database, 'transaction'>;

/** What lane work consists of, put together as a worker process does. */
export interface World {
  readonly database: Database;
  readonly events: CustomEvents;
  /** Owns and works all lanes, until `rest`. */
  work(): Promise<void>;
  rest(): Promise<void>;
  /** Creates a journey that users enter with an event of this name, and makes it active. */
  activate(event: string, nodes: readonly object[]): Promise<string>;
}

/** `watch` sees the statements of the lanes on their way: for measuring from outside. */
export async function makeWorld(
  bench: Bench,
  watch: (database: Database) => WatchedDatabase,
): Promise<World> {
  const { url, database } = await bench.database();
  const log = createLog({ level: 'warn' });
  const clock = systemClock;
  const hints = await connectHints(database, log);
  const partitions = new Partitions(database);
  await partitions.ahead(clock.now());
  const identity = new Identity({ database, clock });
  const tallies = new NameTallies(database, log);
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
  const laneDatabase = openLaneDatabase({ url, groups: 2 });
  const worker = new JourneyWorker({
    database: watch(laneDatabase),
    book: new JourneyBook(new JourneyStore(database)),
    identity,
    facts: {
      identity,
      contents: { contentIdsOf: (_, ids) => Promise.resolve(new Map(ids.map((id) => [id, CONTENT]))) },
      memberships: {
        readMemberships: () => Promise.resolve(new Map()),
        readMembers: () => Promise.resolve([]),
        areReady: () => Promise.resolve(true),
      },
      messageActions: () => Promise.resolve(new Map()),
      webhooksOf: () => Promise.resolve(new Set()),
      rulesOf: () => Promise.resolve({ timeZone: 'UTC', tagLimit: 100 }),
    },
    partitions,
    finishLaunch: () => Promise.resolve(),
    endAwaiting: () => Promise.resolve(false),
    wakeSenders: () => hints.give('senders'),
    wakeCallers: () => {},
    wakeReaders: () => {},
  });
  let lanes: Lanes | undefined;
  const rest = async () => {
    await lanes?.stop();
    lanes = undefined;
  };
  bench.afterwards(async () => {
    await rest();
    await tallies.add();
    await hints.end();
    await laneDatabase.end();
  });
  return {
    database,
    rest,
    async work() {
      lanes = new Lanes({ database: laneDatabase, clock, hints, log, workers: [worker] });
      await lanes.start();
    },
    events: new CustomEvents({ database, partitions, identity, hints, clock, tallies }),
    async activate(event, nodes) {
      const audience = { kind: 'event_trigger', name: event };
      const { id } = await journeys.create(APP, { name: `Journey of ${event}`, audience, nodes });
      await journeys.update(APP, id, { state: 'active' });
      return id;
    },
  };
}
