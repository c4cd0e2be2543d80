import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Journey } from './definition.ts';

const insert = statement(
  'journeys.insert-version',
  `insert into journey_versions (app_id, journey_id, version, definition, published_at) values ($1, $2, $3, $4, $5)`,
);

/** Keeps what the journey is now under the number it has now. */
export async function insertVersion(database: Queryable, journey: Journey, now: number): Promise<void> {
  const { appId, id, version, definition } = journey;
  await database.run(insert, [appId, id, version, JSON.stringify(definition), new Date(now)]);
}
