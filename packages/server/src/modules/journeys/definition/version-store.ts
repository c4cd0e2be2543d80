import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Definition, Journey } from './definition.ts';

const COLUMNS = `version, definition, published_at as "publishedAt"`;

const insert = statement(
  'journeys.insert-version',
  `insert into journey_versions (app_id, journey_id, version, definition, published_at) values ($1, $2, $3, $4, $5)`,
);

const page = statement(
  'journeys.page-of-versions',
  `select ${COLUMNS} from journey_versions
   where app_id = $1 and journey_id = $2 and ($3::int is null or version < $3) order by version desc limit $4`,
);

const find = statement(
  'journeys.find-version',
  `select ${COLUMNS} from journey_versions where app_id = $1 and journey_id = $2 and version = $3`,
);

/** What a journey was when it went live, or when it was changed while it was. */
export interface JourneyVersion {
  readonly version: number;
  readonly definition: Definition;
  readonly publishedAt: Date;
}

type Place = Pick<Journey, 'appId' | 'id'>;

/** Keeps what the journey is now under the number it has now. */
export async function insertVersion(database: Queryable, journey: Journey, now: number): Promise<void> {
  const { appId, id, version, definition } = journey;
  await database.run(insert, [appId, id, version, JSON.stringify(definition), new Date(now)]);
}

/** Newest first, those before `before`. */
export function readVersions(
  database: Queryable,
  { appId, id }: Place,
  before: number | null,
  limit: number,
): Promise<JourneyVersion[]> {
  return database.rows<JourneyVersion>(page, [appId, id, before, limit]);
}

export async function findVersion(
  database: Queryable,
  { appId, id }: Place,
  version: number,
): Promise<JourneyVersion | undefined> {
  return (await database.rows<JourneyVersion>(find, [appId, id, version]))[0];
}
