import { JourneyStore, JourneyWorker } from '../modules/journeys/index.ts';
import { Lanes, openLaneDatabase } from '../modules/lanes/index.ts';
import { LiveBook, LiveSegmentsWorker } from '../modules/segments/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/index.ts';
import type { Hints } from '../platform/database/hints.ts';
import { Partitions } from '../platform/database/partitions.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';
import type { Modules } from './compose-modules.ts';
import { journeyFacts } from './journey-facts.ts';

export interface StartLanesOptions {
  readonly url: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hints: Hints;
  readonly onConnectionLost: (error: Error) => void;
  readonly modules: Modules;
  readonly closers: Closers;
}

/** Batches under way at once. */
const GROUPS = 2;

/** Owns this process's share of the lanes and works them: live segments and journeys. */
export async function startLanes(options: StartLanesOptions): Promise<void> {
  const { url, config, clock, log, hints, onConnectionLost, modules, closers } = options;
  const database = openLaneDatabase({ url, groups: GROUPS, onConnectionLost });
  closers.add('the lanes’ connections', () => database.end());
  const journeyStore = new JourneyStore(database);
  const journeys = new JourneyWorker({
    database,
    book: modules.journeyBook,
    identity: modules.identity,
    facts: journeyFacts(database, modules),
    partitions: new Partitions(database),
    endAwaiting: (journey) => journeyStore.endAwaiting(journey, clock.now()),
    finishLaunch: async (appId, id) => void (await journeyStore.finishLaunch(appId, id, clock.now())),
    wakeSenders: modules.wakeSenders,
    wakeCallers: () => hints.give('webhooks'),
    wakeReaders: () => hints.give('feed'),
  });
  const liveSegments = new LiveSegmentsWorker({
    database,
    book: new LiveBook(database),
    messageEvents: modules.messageEvents,
    wakeLanes: () => hints.give('inbox'),
  });
  const lanes = new Lanes({
    database,
    clock,
    hints,
    log,
    // In this order: what the first tells, the second does in the same round.
    workers: [liveSegments, journeys],
    groups: GROUPS,
    leaseMs: config.laneLeaseMs,
  });
  await lanes.start();
  closers.add('lanes', () => lanes.stop());
}
