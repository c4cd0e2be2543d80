import { statement } from '../../../platform/database/database.ts';
import type { Queryable, Statement } from '../../../platform/database/database.ts';
import type { WholeUser } from '../user-store.ts';
import type { UserPlace } from '../recipient.ts';
import type { UserFilters } from './user-search.ts';

/**
 * Users that a page looks at, at most: what is read to find them is bounded, however rare they are.
 * Of 1,000,000 users, 10,000 that do not match take 6 ms, or 40 to 80 ms by a prefix, in no order on the disk.
 */
const LOOKED_AT = 10_000;

// The statements have no name: they are planned for the very values, and filters that are not asked
// for fall away. A plan kept from when the table was small would sort all of it.

/** `$first` and up: language, country, tags, tag keys, test users, four times, channel. */
function matches(first: number): string {
  const $ = (offset: number) => `$${first + offset}`;
  return `(${$(0)}::text is null or u.language = ${$(0)})
     and (${$(1)}::text is null or u.country = ${$(1)})
     and u.tags @> ${$(2)}::jsonb and u.tags ?& ${$(3)}::text[]
     and (not ${$(4)}::boolean or u.properties ? 'test_user_name')
     and (${$(5)}::timestamptz is null or u.last_active > ${$(5)})
     and (${$(6)}::timestamptz is null or u.last_active < ${$(6)})
     and (${$(7)}::timestamptz is null or u.first_active > ${$(7)})
     and (${$(8)}::timestamptz is null or u.first_active < ${$(8)})
     and (${$(9)}::text is null or exists (
       select from subscriptions s
       where s.lane = u.lane and s.user_id = u.id and s.channel = ${$(9)} and s.reachable))`;
}

function valuesOf(filters: UserFilters): unknown[] {
  return [
    filters.language,
    filters.country,
    JSON.stringify(filters.tags),
    filters.tagKeys,
    filters.testUsers,
    dateOf(filters.activeAfter),
    dateOf(filters.activeBefore),
    dateOf(filters.createdAfter),
    dateOf(filters.createdBefore),
    filters.subscribedTo,
  ];
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}

/** The sub-selects run for the users of the page only. */
const WHOLE = `to_jsonb(u) as person,
  (select jsonb_object_agg(a.label, a.value) from aliases a
   where a.user_id = u.id) as identity,
  (select jsonb_agg(to_jsonb(s) order by s.created_at, s.id) from subscriptions s
   where s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id) as subscriptions`;

const MICROSECONDS = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`;

/**
 * $1 app, $2 and $3 the place before, $4 users to look at, $5 most to find. `edge` is the last user
 * looked at, when that ended the page: told by the same snapshot, so that nobody is passed over.
 */
function walk(only: string): string {
  const looked = (columns: string, rest: string) => `select ${columns} from users u
      where uuid_send(u.app_id) = uuid_send($1::uuid) and (u.first_active, uuid_send(u.id))
          < (timestamptz 'epoch' + $2::bigint * interval '1 microsecond', uuid_send($3::uuid))
        and ($13::timestamptz is null or u.first_active > $13) ${only}
      order by u.first_active desc, uuid_send(u.id) desc ${rest}`;
  return `with page as materialized (
     select ${WHOLE}, ${MICROSECONDS('u.first_active')} as at, u.id
     from (${looked('u.*', 'limit $4')}) u
     where ${matches(6)}
     order by u.first_active desc, u.id desc limit $5
   )
   select
     (select jsonb_agg(jsonb_build_object('person', person, 'identity', identity, 'subscriptions', subscriptions,
        'place', jsonb_build_array(at, id)) order by at desc, id desc) from page) as users,
     case when (select count(*) from page) < $5 then (
       select jsonb_build_array(${MICROSECONDS('edge.first_active')}, edge.id)
       from (${looked('u.first_active, u.id', 'offset $4 - 1 limit 1')}) edge) end as edge`;
}

const newest = statement('', walk(''));
const newestTestUsers = statement('', walk(`and u.properties ? 'test_user_name'`));

const named = (rest: string) => `select a.value, a.lane, a.user_id from aliases a
      where a.app_id = $1 and a.label = 'external_id' and a.value > $3
        and a.value >= $2 and a.value < $2 || U&'\\+10FFFF'
      order by a.value ${rest}`;

/** $1 app, $2 prefix, $3 the value before, $4 aliases to look at, $5 most to find. */
const byPrefix = statement(
  '',
  `with page as materialized (
     select ${WHOLE}, l.value
     from (${named('limit $4')}) l
     cross join lateral (
       select * from users u where u.lane = l.lane and u.id = l.user_id and u.app_id = $1 limit 1) u
     where ${matches(6)}
     order by l.value limit $5
   )
   select
     (select jsonb_agg(jsonb_build_object('person', person, 'identity', identity, 'subscriptions', subscriptions,
        'place', jsonb_build_array(value)) order by value) from page) as users,
     case when (select count(*) from page) < $5 then (
       select jsonb_build_array(edge.value) from (${named('offset $4 - 1 limit 1')}) edge) end as edge`,
);

const one = statement(
  '',
  `select ${WHOLE} from users u where u.app_id = $1 and u.lane = $2 and u.id = $3 and ${matches(4)}`,
);

const byToken = statement(
  'users.by-token',
  `select lane, user_id as "userId" from tokens where app_id = $1 and type = $2 and token = $3`,
);

/** Where a user stands in the order of a list: what a cursor carries. */
export type Place = readonly (string | number)[];

/** Microseconds since the epoch, and the user's id. */
export type NewestPlace = readonly [at: number, id: string];

export interface Found {
  readonly users: readonly (WholeUser & { readonly place: Place })[];
  /** Where to go on when the page ended because enough users had been looked at; null otherwise. */
  readonly edge: Place | null;
}

/** Users from the newest on, behind `after`; at most `limit`. */
export function findNewest(
  database: Queryable,
  appId: string,
  filters: UserFilters,
  [at, id]: NewestPlace,
  limit: number,
): Promise<Found> {
  const values = [appId, at, id, LOOKED_AT, limit, ...valuesOf(filters)];
  return find(database, filters.testUsers ? newestTestUsers : newest, values);
}

/** Users in the order of their external ids, of those that begin with `prefix`, behind `after`. */
export function findByPrefix(
  database: Queryable,
  appId: string,
  filters: UserFilters,
  prefix: string,
  after: string,
  limit: number,
): Promise<Found> {
  return find(database, byPrefix, [appId, prefix, after, LOOKED_AT, limit, ...valuesOf(filters)]);
}

async function find(database: Queryable, walk: Statement, values: readonly unknown[]): Promise<Found> {
  const [row] = await database.rows<{ users: Found['users'] | null; edge: Place | null }>(walk, values);
  return { users: row?.users ?? [], edge: row?.edge ?? null };
}

/** One user, if the filters are true of it. */
export async function findOne(
  database: Queryable,
  appId: string,
  { lane, userId }: UserPlace,
  filters: UserFilters,
): Promise<WholeUser | null> {
  return (await database.rows<WholeUser>(one, [appId, lane, userId, ...valuesOf(filters)]))[0] ?? null;
}

/** Whose address this is. */
export async function findByToken(
  database: Queryable,
  appId: string,
  type: string,
  token: string,
): Promise<UserPlace | null> {
  return (await database.rows<UserPlace>(byToken, [appId, type, token]))[0] ?? null;
}
