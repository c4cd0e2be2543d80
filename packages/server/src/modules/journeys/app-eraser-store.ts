import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const journeys = statement(
  'journeys.erase',
  `with v as (update journey_version set version = version + 1) delete from journeys where app_id = $1`,
);

const runs = statement('journeys.erase-runs', `delete from journey_runs where lane = $2 and app_id = $1`);

const trace = statement('journeys.erase-trace', `delete from journey_trace where lane = $2 and app_id = $1`);

const entries = statement(
  'journeys.erase-entries',
  `delete from journey_entries where lane = $2 and app_id = $1`,
);

const refusals = statement(
  'journeys.erase-refusals',
  `delete from journey_refusals where lane = $2 and app_id = $1`,
);

const counts = statement(
  'journeys.erase-counts',
  `delete from journey_counts where lane = $2 and app_id = $1`,
);

const launches = statement(
  'journeys.erase-launches',
  `delete from journey_launches where lane = $2 and app_id = $1`,
);

/** All journeys of an app, at once: from the commit on nobody enters one or goes on in it. */
export function eraseJourneys(transaction: Queryable, appId: string): Promise<number> {
  return transaction.run(journeys, [appId]);
}

/** An app's users on their way, of one lane; how many went. */
export function eraseRuns(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(runs, [appId, ofLane]);
}

/** The lines of their traces. */
export function eraseTrace(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(trace, [appId, ofLane]);
}

/** Who of an app's users is or was in its journeys of segments. */
export function eraseEntries(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(entries, [appId, ofLane]);
}

/** Why they were not let in. */
export function eraseRefusals(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(refusals, [appId, ofLane]);
}

/** What was counted in a lane. */
export function eraseCounts(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(counts, [appId, ofLane]);
}

/** How far launches have come in a lane. */
export function eraseLaunches(transaction: Queryable, appId: string, ofLane: number): Promise<number> {
  return transaction.run(launches, [appId, ofLane]);
}
