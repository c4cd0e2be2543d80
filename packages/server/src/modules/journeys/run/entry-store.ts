import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { OwnedLanes } from '../../lanes/index.ts';

const COLUMNS = `e.lane, e.user_id as "userId", e.journey_id as "journeyId", e.app_id as "appId", e.inside, e.barred,
  e.again_at as "againAt", e.wake_at as "wakeAt"`;

const due = statement(
  'journeys.due-entries',
  `select ${COLUMNS} from journey_entries e
   where wake_at <= $1 and not parked and lane = any($2) order by wake_at limit $3`,
);

const ofUsers = statement(
  'journeys.entries-of-users',
  `select ${COLUMNS} from jsonb_to_recordset($1::jsonb) u (lane int, user_id uuid)
   cross join lateral (
     select * from journey_entries j where j.lane = u.lane and j.user_id = u.user_id offset 0) e`,
);

/** Whether a user is or was in a journey of segments, and when again. */
export interface StoredEntry {
  readonly lane: number;
  readonly userId: string;
  readonly journeyId: string;
  readonly appId: string;
  readonly inside: boolean;
  readonly barred: boolean;
  readonly againAt: Date | null;
  readonly wakeAt: Date | null;
}

/** Entries that are to be looked at again, earliest first. */
export function readDueEntries(
  database: Queryable,
  owned: OwnedLanes,
  now: number,
  limit: number,
): Promise<StoredEntry[]> {
  return database.rows<StoredEntry>(due, [new Date(now), [...owned.lanes.keys()], limit]);
}

/** All entries of users, in one statement. */
export function readEntriesOf(database: Queryable, users: readonly UserPlace[]): Promise<StoredEntry[]> {
  const places = users.map(({ lane, userId }) => ({ lane, user_id: userId }));
  return database.rows<StoredEntry>(ofUsers, [asJson(places)]);
}
