import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { FoundUser, UserRange } from '../../audience/index.ts';
import type { UserPlace } from '../../identity/index.ts';

const memberships = statement(
  'live.memberships',
  `select s.user_id as "userId", l.segment_id as "segmentId"
   from unnest($2::int[], $3::uuid[]) x (lane, user_id)
   join segment_state s on s.lane = x.lane and s.app_id = $1 and s.user_id = x.user_id
   cross join lateral (
     select l.segment_id from live_segments l
     where l.app_id = $1 and l.segment_id = any ($4) and l.slot = any (s.segments)) l`,
);

const members = statement(
  'live.members',
  `select s.user_id as "userId"
   from live_segments l
   join segment_state s on s.lane = $2 and s.app_id = l.app_id and l.slot = any (s.segments)
     and s.user_id > coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
   where l.app_id = $1 and l.segment_id = $3 order by s.user_id limit $5`,
);

/**
 * In which of `segmentIds` users of an app are, as it is kept: an entry for each user. Only of live segments that are
 * ready (`SegmentWatches.areReady`) is it the whole truth. What has been told by rows of the inbox is in it, and
 * so may be what they will tell next. One statement.
 */
export async function readMemberships(
  database: Queryable,
  appId: string,
  users: readonly UserPlace[],
  segmentIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map(users.map(({ userId }) => [userId, new Set<string>()]));
  if (users.length === 0 || segmentIds.length === 0) return found;
  const columns = [users.map(({ lane }) => lane), users.map(({ userId }) => userId)];
  const values = [appId, ...columns, segmentIds];
  const rows = await database.rows<{ userId: string; segmentId: string }>(memberships, values);
  for (const { userId, segmentId } of rows) found.get(userId)?.add(segmentId);
  return found;
}

/**
 * Who is in a live segment, of one lane, in the order of their ids: up to `limit` behind `after`, which is null for the
 * first page. Fewer than `limit` is the end of the lane.
 */
export async function readMembers(
  database: Queryable,
  { appId, lane, segmentId }: { readonly appId: string; readonly lane: number; readonly segmentId: string },
  after: string | null,
  limit: number,
): Promise<readonly string[]> {
  const values = [appId, lane, segmentId, after, limit];
  return (await database.rows<{ userId: string }>(members, values)).map(({ userId }) => userId);
}

const membersOfLanes = statement(
  'live.members-of-lanes',
  `select s.lane, s.user_id as "userId", u.external_id as "externalId"
   from live_segments l
   join segment_state s on s.app_id = l.app_id and l.slot = any (s.segments)
     and (s.lane, s.app_id, s.user_id) > ($3::int, $1::uuid, $4::uuid) and s.lane < $5
   join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
   where l.app_id = $1 and l.segment_id = $2 and s.app_id = $1 order by s.lane, s.user_id limit $6`,
);

/** The same for part of an app, with the names that users have; those who are deleted are left out. */
export function readMembersOfLanes(
  database: Queryable,
  segmentId: string,
  { appId, after, end, limit }: UserRange,
): Promise<FoundUser[]> {
  return database.rows(membersOfLanes, [appId, segmentId, after.lane, after.userId, end, limit]);
}
