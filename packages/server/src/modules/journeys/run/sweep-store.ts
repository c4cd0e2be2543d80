import { statement } from '../../../platform/database/database.ts';
import type { Queryable, Statement } from '../../../platform/database/database.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import { fence, fenceOf } from '../../lanes/index.ts';

// From one id to the next by the index: as many steps as there are journeys, however many rows they have.
const journeysIn = (table: string) => `with recursive j as (
     (select journey_id from ${table} order by journey_id limit 1)
     union all
     select (select t.journey_id from ${table} t where t.journey_id > j.journey_id order by t.journey_id limit 1)
     from j where j.journey_id is not null)
   select journey_id as id from j where journey_id is not null`;

const withRuns = statement('journeys.with-runs', journeysIn('journey_runs'));
const withEntries = statement('journeys.with-entries', journeysIn('journey_entries'));

const unparkRows = statement(
  'journeys.unpark',
  `with f as materialized (${fence('$1', '$2')}),
   runs as (
     update journey_runs set parked = false where (lane, id) in (
       select r.lane, r.id from journey_runs r
       where r.parked and r.journey_id = any($3) and r.lane in (select lane from f) limit $4) returning 1),
   entries as (
     update journey_entries set parked = false where (lane, user_id, journey_id) in (
       select e.lane, e.user_id, e.journey_id from journey_entries e
       where e.parked and e.journey_id = any($3) and e.lane in (select lane from f) limit $4) returning 1)
   select (select count(*)::int from runs) + (select count(*)::int from entries) as rows`,
);

const eraseEntries = statement(
  'journeys.erase-entries-of-ended',
  `with f as materialized (${fence('$1', '$2')}),
   gone as (
     delete from journey_entries where (lane, user_id, journey_id) in (
       select e.lane, e.user_id, e.journey_id from journey_entries e
       where e.journey_id = any($3) and e.lane in (select lane from f) limit $4) returning 1),
   launches as (delete from journey_launches l where l.journey_id = any($3) and l.lane in (select lane from f))
   select count(*)::int as rows from gone`,
);

/** Ids of journeys that anybody is inside of, in any lane. */
export async function readJourneysWithRuns(database: Queryable): Promise<string[]> {
  return (await database.rows<{ id: string }>(withRuns)).map(({ id }) => id);
}

/** Ids of journeys of segments that anybody is or was inside of. */
export async function readJourneysWithEntries(database: Queryable): Promise<string[]> {
  return (await database.rows<{ id: string }>(withEntries)).map(({ id }) => id);
}

/** Makes up to `limit` parked runs and entries of these journeys due again; how many. */
export function unpark(
  database: Queryable,
  owned: OwnedLanes,
  journeyIds: readonly string[],
  limit: number,
): Promise<number> {
  return inLanes(database, unparkRows, owned, journeyIds, limit);
}

/** Drops up to `limit` entries of these journeys; how many. */
export function eraseEntriesOf(
  database: Queryable,
  owned: OwnedLanes,
  journeyIds: readonly string[],
  limit: number,
): Promise<number> {
  return inLanes(database, eraseEntries, owned, journeyIds, limit);
}

async function inLanes(
  database: Queryable,
  change: Statement,
  owned: OwnedLanes,
  journeyIds: readonly string[],
  limit: number,
): Promise<number> {
  const values = [...fenceOf(owned, owned.lanes.keys()), journeyIds, limit];
  return (await database.rows<{ rows: number }>(change, values))[0]?.rows ?? 0;
}
