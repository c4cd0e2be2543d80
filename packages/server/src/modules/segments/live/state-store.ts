import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { millisecondsOf } from '../../../platform/database/milliseconds.ts';
import { takeChangedUsers } from '../../identity/index.ts';
import type { UserPlace } from '../../identity/index.ts';
import { appendInbox, fence, fenceOf } from '../../lanes/index.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import { SEGMENT_KIND, SESSION_KIND } from './inbox-rows.ts';
import type { SegmentNews } from './inbox-rows.ts';

/** A user of an app. */
export interface UserOfApp extends UserPlace {
  readonly appId: string;
}

/** What is kept of a user. */
export interface Kept {
  /** Of segments that were live then, ascending. */
  readonly slots: readonly number[];
  /** Milliseconds. */
  readonly flipAt: number | null;
}

// As JSON, which is read faster than a list.
const kept = statement(
  'live.kept',
  `select s.user_id as "userId", array_to_json(s.segments) as slots, ${millisecondsOf('s.flip_at')} as "flipAt"
   from unnest($1::int[], $2::uuid[], $3::uuid[]) x (lane, app_id, user_id)
   join segment_state s on s.lane = x.lane and s.app_id = x.app_id and s.user_id = x.user_id`,
);

// One-sided and in the order of the index, as runs of journeys are.
const due = statement(
  'live.due',
  `select lane, app_id as "appId", user_id as "userId" from segment_state
   where flip_at <= $1 and lane = any ($2) order by flip_at limit $3`,
);

const nextDue = statement(
  'live.next-due',
  `select ${millisecondsOf('flip_at')} as at from segment_state
   where flip_at is not null and lane = any ($1) order by flip_at limit 1`,
);

const usersOfWalks = statement(
  'live.users-of-walks',
  `select x.lane, u.id as "userId"
   from unnest($2::int[], $3::uuid[]) x (lane, after)
   cross join lateral (
     select u.id from users u
     where u.lane = x.lane and u.id > coalesce(x.after, '00000000-0000-0000-0000-000000000000') and u.app_id = $1
     order by u.id limit $4) u
   order by x.lane, u.id`,
);

const keptOfWalks = statement(
  'live.kept-of-walks',
  `select x.lane, s.user_id as "userId"
   from unnest($2::int[], $3::uuid[]) x (lane, after)
   cross join lateral (
     select s.user_id from segment_state s
     where s.lane = x.lane and s.app_id = $1
       and s.user_id > coalesce(x.after, '00000000-0000-0000-0000-000000000000')
     order by s.user_id limit $4) s
   order by x.lane, s.user_id`,
);

// One commit: the fence, the changes that were looked at, what is kept, the walks, what is told. As in a batch of
// journeys, the fence opens a gate that every part asks. A user who is gone by now is told nothing, and what is
// kept of them goes: another change says that they are deleted, so nothing stays behind.
const write = statement(
  'live.write',
  `with f as materialized (${fence('$1', '$2')}),
   gate as materialized (select count(*) = cardinality($1::int[]) as open from f),
   taken as (${takeChangedUsers('$3', '(select open from gate)')}),
   x as materialized (
     select x.*, exists (select from users u where u.lane = x.lane and u.id = x.user_id) as there
     from rows from (jsonb_to_recordset($4::jsonb) as (
       lane int, app_id uuid, user_id uuid, segments int[], flip_at timestamptz, active_at timestamptz, news int)
     ) with ordinality as x (lane, app_id, user_id, segments, flip_at, active_at, news, n)
     where (select open from gate)),
   stored as (
     insert into segment_state as s (lane, app_id, user_id, segments, flip_at)
     select x.lane, x.app_id, x.user_id, x.segments, x.flip_at from x where x.there and x.segments is not null
     on conflict (lane, app_id, user_id) do update set segments = excluded.segments, flip_at = excluded.flip_at),
   dropped as (
     delete from segment_state s using x
     where s.lane = x.lane and s.app_id = x.app_id and s.user_id = x.user_id and (x.segments is null or not x.there)),
   w as materialized (
     select w.* from jsonb_to_recordset($5::jsonb) as w (lane int, app_id uuid, begun bigint, after uuid)
     where (select open from gate)),
   walked as (
     update segment_walks s set after = w.after from w
     where s.lane = w.lane and s.app_id = w.app_id and s.begun = w.begun and w.after is not null),
   ended as (
     delete from segment_walks s using w
     where s.lane = w.lane and s.app_id = w.app_id and s.begun = w.begun and w.after is null),
   told as (
     ${appendInbox(`
       select x.lane, x.app_id, x.user_id, r.kind, r.payload, r.at
       from x cross join lateral (values
         (1, '${SESSION_KIND}', '{}'::jsonb, x.active_at), (2, '${SEGMENT_KIND}', $7::jsonb -> x.news, $6::timestamptz)
       ) r (n, kind, payload, at)
       where x.there and r.payload is not null and r.at is not null order by x.n, r.n`)})
   select open from gate`,
);

/** Where a user is now. */
export interface LookedAt {
  readonly lane: number;
  readonly app_id: string;
  readonly user_id: string;
  /** Slots as PostgreSQL writes a list: as text it is read faster. Null where nothing is kept. */
  readonly segments: string | null;
  /** ISO 8601. */
  readonly flip_at: string | null;
  /** When the user became active, where that is told; ISO 8601. */
  readonly active_at: string | null;
  /** Null where nobody is told that the user came or went. One object for all who are told the same is written once. */
  readonly news: SegmentNews | null;
}

/** How far a walk has come. */
export interface Walked {
  readonly lane: number;
  readonly app_id: string;
  readonly begun: number;
  /** Null at its end. */
  readonly after: string | null;
}

/** What a batch leaves behind. */
export interface LookedAtBatch {
  /** Ids of the changes that were looked at. */
  readonly changes: readonly { readonly lane: number; readonly id: number }[];
  readonly users: readonly LookedAt[];
  readonly walks: readonly Walked[];
}

/** Writes a batch in one commit; news are of `now`. False when a lane is not ours any more: nothing was written. */
export async function writeLookedAt(
  database: Queryable,
  owned: OwnedLanes,
  { changes, users, walks }: LookedAtBatch,
  now: number,
): Promise<boolean> {
  const touched = [...changes, ...users, ...walks].map(({ lane }) => lane);
  const [lanes, epochs] = fenceOf(owned, touched);
  const ids = changes.map(({ id }) => id);
  const [rows, news] = withNewsOnce(users);
  const values = [lanes, epochs, ids, asJson(rows), asJson(walks), new Date(now), asJson(news)];
  const [row] = await database.rows<{ open: boolean }>(write, values);
  return row?.open === true;
}

/** Many are told the same: their rows say which of the news it is. */
function withNewsOnce(users: readonly LookedAt[]): [rows: object[], news: SegmentNews[]] {
  const places = new Map<SegmentNews, number>();
  const rows = users.map((user) => {
    if (user.news === null) return user;
    const place = places.get(user.news) ?? places.size;
    places.set(user.news, place);
    return { ...user, news: place };
  });
  return [rows, [...places.keys()]];
}

/** By the users' ids; nothing of those of whom nothing is kept. */
export async function readKept(
  database: Queryable,
  users: readonly UserOfApp[],
): Promise<ReadonlyMap<string, Kept>> {
  const columns = [
    users.map(({ lane }) => lane),
    users.map(({ appId }) => appId),
    users.map(({ userId }) => userId),
  ];
  const rows = await database.rows<Kept & { readonly userId: string }>(kept, columns);
  return new Map(rows.map(({ userId, ...row }) => [userId, row]));
}

/** Users who may be in other segments by now, only because time has passed; the earliest first. */
export function readDueUsers(
  database: Queryable,
  lanes: readonly number[],
  now: number,
  limit: number,
): Promise<UserOfApp[]> {
  return database.rows<UserOfApp>(due, [new Date(now), lanes, limit]);
}

/** When the next one is due, in milliseconds; null for never. */
export async function readNextFlip(database: Queryable, lanes: readonly number[]): Promise<number | null> {
  return (await database.rows<{ at: number }>(nextDue, [lanes]))[0]?.at ?? null;
}

/**
 * The next users of an app in some lanes, up to `limit` of each, in the order of lanes and ids: all, or, where what is
 * kept is dropped, those of whom something is.
 */
export function readUsersOfWalks(
  database: Queryable,
  appId: string,
  walks: readonly { readonly lane: number; readonly after: string | null }[],
  { limit, drops }: { readonly limit: number; readonly drops: boolean },
): Promise<UserPlace[]> {
  const lanes = walks.map(({ lane }) => lane);
  const after = walks.map(({ after: place }) => place);
  return database.rows<UserPlace>(drops ? keptOfWalks : usersOfWalks, [appId, lanes, after, limit]);
}
