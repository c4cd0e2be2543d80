import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** Who watches: `journey` and its id. */
export interface Watcher {
  readonly appId: string;
  readonly watcher: string;
  readonly watcherId: string;
}

// The row that all who change what is watched take first: they go one after the other.
const raise = statement('live.raise-version', `update live_segments_version set version = version + 1`);

const forget = statement(
  'live.forget-watches',
  `delete from segment_watches
   where app_id = $1 and watcher = $2 and watcher_id = $3 and segment_id <> all ($4::uuid[])`,
);

const note = statement(
  'live.note-watches',
  `insert into segment_watches (app_id, watcher, watcher_id, segment_id)
   select $1, $2, $3, s.id from unnest($4::uuid[]) s (id) on conflict do nothing`,
);

const noteSessions = statement(
  'live.note-session-watch',
  `insert into session_watches (app_id, watcher, watcher_id) values ($1, $2, $3) on conflict do nothing`,
);

const forgetSessions = statement(
  'live.forget-session-watch',
  `delete from session_watches where app_id = $1 and watcher = $2 and watcher_id = $3`,
);

const watched = statement(
  'live.watched',
  `select array(select distinct segment_id from segment_watches where app_id = $1) as "segmentIds",
     exists (select from session_watches where app_id = $1) as sessions`,
);

const begin = statement(
  'live.begin',
  `insert into live_segments (app_id, segment_id, state) select $1, s.id, 'new' from unnest($2::uuid[]) s (id)
   on conflict do nothing`,
);

const end = statement(
  'live.end',
  `delete from live_segments where app_id = $1 and segment_id <> all ($2::uuid[])`,
);

const change = statement(
  'live.change',
  `update live_segments set writers_before = null,
     state = case when state in ('new', 'filling') then 'new' else 'changed' end
   where app_id = $1 and segment_id = $2`,
);

const walkAll = statement(
  'live.walk-all',
  `insert into segment_walks as w (lane, app_id, begun, drops)
   select l.lane, $1, v.version, $2 from lanes l cross join live_segments_version v order by l.lane
   on conflict (lane, app_id) do update set begun = excluded.begun, drops = w.drops or excluded.drops, after = null`,
);

const states = statement(
  'live.states',
  `select segment_id as "segmentId", state from live_segments where app_id = $1 and segment_id = any ($2)`,
);

const eraseWatches = statement(
  'live.erase-watches',
  `with v as (update live_segments_version set version = version + 1),
   a as (delete from watched_apps where app_id = $1),
   w as (delete from segment_watches where app_id = $1),
   s as (delete from session_watches where app_id = $1),
   k as (delete from segment_walks where app_id = $1)
   delete from live_segments where app_id = $1`,
);

export async function raiseVersion(transaction: Queryable): Promise<void> {
  await transaction.run(raise);
}

/** All that somebody watches from now on. */
export async function storeWatches(
  transaction: Queryable,
  { appId, watcher, watcherId }: Watcher,
  segmentIds: readonly string[],
  sessions: boolean,
): Promise<void> {
  const who = [appId, watcher, watcherId];
  await transaction.run(forget, [...who, segmentIds]);
  await transaction.run(note, [...who, segmentIds]);
  await transaction.run(sessions ? noteSessions : forgetSessions, who);
}

/** What anybody watches in an app. */
export async function readWatched(
  database: Queryable,
  appId: string,
): Promise<{ readonly segmentIds: readonly string[]; readonly sessions: boolean }> {
  const [row] = await database.rows<{ segmentIds: string[]; sessions: boolean }>(watched, [appId]);
  return row ?? { segmentIds: [], sessions: false };
}

/** Makes these, and no others, the live segments of an app; returns how many are so no more. */
export async function storeLive(
  transaction: Queryable,
  appId: string,
  segmentIds: readonly string[],
): Promise<number> {
  await transaction.run(begin, [appId, segmentIds]);
  return transaction.run(end, [appId, segmentIds]);
}

/** True where a live segment has other filters from now on. */
export async function markChanged(
  transaction: Queryable,
  appId: string,
  segmentId: string,
): Promise<boolean> {
  return (await transaction.run(change, [appId, segmentId])) > 0;
}

/** Everybody of an app is looked at again, or what is kept of them is dropped. */
export async function beginWalks(transaction: Queryable, appId: string, drops: boolean): Promise<void> {
  await transaction.run(walkAll, [appId, drops]);
}

/** Of those of `segmentIds` that are live. */
export async function readStates(
  database: Queryable,
  appId: string,
  segmentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.rows<{ segmentId: string; state: string }>(states, [appId, segmentIds]);
  return new Map(rows.map(({ segmentId, state }) => [segmentId, state]));
}

/** Nothing of an app is watched any more, and nothing of it is worked. */
export function eraseLive(transaction: Queryable, appId: string): Promise<number> {
  return transaction.run(eraseWatches, [appId]);
}
