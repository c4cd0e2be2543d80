import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

// Whoever writes about a user asks behind the write whether the app is watched, and has a transaction id by then.
// If it did not see this watch, its id is lower than the one that is taken here, because the watch is committed.
// So when no transaction lower than it is under way any more, all changes that were not noted down can be read.
const seeWriters = statement(
  'live.see-writers',
  `update live_segments set writers_before = pg_current_xact_id()
   where state in ('new', 'changed') and writers_before is null`,
);

// Ids are given by the whole server, and what other databases on it hold open is none of our writers. So where the oldest
// of all is too old, those of this database are asked for. Its writers have the same role, and roles see their own.
const WRITERS_ENDED = `(l.writers_before <= pg_snapshot_xmin(pg_current_snapshot()) or not exists (
     select from (
       select backend_xid as id from pg_stat_activity where datname = current_database()
       union all select transaction from pg_prepared_xacts where database = current_database()) w
     where age(w.id) > age(l.writers_before::xid)))`;

// What an app had kept before goes first: what it knew of users who were deleted while nobody watched, it would keep.
const UNWATCHED_WRITERS_ENDED = `l.state in ('new', 'changed') and ${WRITERS_ENDED}
   and not exists (select from segment_walks w where w.app_id = l.app_id and w.drops)`;

const begin = statement(
  'live.begin-walks',
  `with v as (
     update live_segments_version set version = version + 1
     where exists (select from live_segments l where ${UNWATCHED_WRITERS_ENDED}) returning version),
   begun as (
     update live_segments l set state = case l.state when 'new' then 'filling' else 'refilling' end
     from v where ${UNWATCHED_WRITERS_ENDED} returning l.app_id)
   insert into segment_walks as w (lane, app_id, begun, drops)
   select l.lane, b.app_id, v.version, false
   from v cross join (select distinct app_id from begun) b cross join lanes l order by l.lane, b.app_id
   on conflict (lane, app_id) do update set begun = excluded.begun, after = null`,
);

const end = statement(
  'live.end-walks',
  `with ended as materialized (
     select l.app_id, l.segment_id from live_segments l
     where l.state in ('filling', 'refilling')
       and not exists (select from segment_walks w where w.app_id = l.app_id)),
   v as (
     update live_segments_version set version = version + 1 where exists (select from ended) returning version)
   update live_segments l set state = 'ready' from ended e, v
   where l.app_id = e.app_id and l.segment_id = e.segment_id and l.state in ('filling', 'refilling')`,
);

/**
 * Moves segments that wait on: everybody is looked at as soon as no writer is under way that does not know of the
 * watch, and when that is over they are ready. Several may call it at once. True when something has moved.
 */
export async function settleSegments(database: Queryable): Promise<boolean> {
  const ended = await database.run(end);
  await database.run(seeWriters);
  const begun = await database.run(begin);
  return ended + begun > 0;
}
