import { LANES } from '../../../platform/ids.ts';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import { fence, fenceOf } from '../../lanes/index.ts';

const read = statement(
  'journeys.launches',
  `select lane, place, after, done from journey_launches where journey_id = $1 and lane = any($2) and version = $3`,
);

const write = statement(
  'journeys.write-launch',
  `with f as materialized (${fence('$1', '$2')}),
   kept as (
     insert into journey_launches (lane, journey_id, app_id, version, place, after, done)
     select lane, $3, $4, $5, $6, $7, $8 from f
     on conflict (journey_id, lane) do update
       set version = excluded.version, place = excluded.place, after = excluded.after, done = excluded.done)
   select count(*)::int as lanes from f`,
);

const count = statement(
  'journeys.count-launched',
  `select count(*)::int as lanes from journey_launches where journey_id = $1 and version = $2 and done`,
);

/** How far a lane has come. */
export interface LaunchPlace {
  readonly lane: number;
  /** Which of the journey's segments. */
  readonly place: number;
  /** The last user that was looked at. */
  readonly after: string | null;
  readonly done: boolean;
}

/** By lane; lanes that have not begun are absent. */
export async function readLaunches(
  database: Queryable,
  lanes: readonly number[],
  journeyId: string,
  version: number,
): Promise<Map<number, LaunchPlace>> {
  const places = await database.rows<LaunchPlace>(read, [journeyId, lanes, version]);
  return new Map(places.map((place) => [place.lane, place]));
}

/** False when the lane has another owner now. */
export async function writeLaunch(
  database: Queryable,
  owned: OwnedLanes,
  of: { readonly appId: string; readonly journeyId: string; readonly version: number },
  { lane, place, after, done }: LaunchPlace,
): Promise<boolean> {
  const values = [...fenceOf(owned, [lane]), of.journeyId, of.appId, of.version, place, after, done];
  return ((await database.rows<{ lanes: number }>(write, values))[0]?.lanes ?? 0) === 1;
}

/** Whether every lane is done. */
export async function isLaunched(database: Queryable, journeyId: string, version: number): Promise<boolean> {
  const [row] = await database.rows<{ lanes: number }>(count, [journeyId, version]);
  return row?.lanes === LANES;
}
