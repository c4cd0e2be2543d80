import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const journeys = statement(
  'journeys.erase',
  `with v as (update journey_version set version = version + 1) delete from journeys where app_id = $1`,
);

const runs = statement('journeys.erase-runs', `delete from journey_runs where lane = $2 and app_id = $1`);

const trace = statement('journeys.erase-trace', `delete from journey_trace where lane = $2 and app_id = $1`);

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
