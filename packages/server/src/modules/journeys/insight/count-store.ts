import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const counts = statement(
  'journeys.counts',
  `select key, name, sum(count)::bigint as count from journey_counts
   where journey_id = $1 and app_id = $2 group by key, name`,
);

/** What was counted of a node or branch; key 0: of the whole journey. */
export interface JourneyCount {
  readonly key: number;
  readonly name: string;
  readonly count: number;
}

/** Few rows: what owners write together is one row each. */
export function readCounts(database: Queryable, appId: string, journeyId: string): Promise<JourneyCount[]> {
  return database.rows<JourneyCount>(counts, [journeyId, appId]);
}
