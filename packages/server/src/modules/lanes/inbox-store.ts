import type { Queryable } from '../../platform/database/database.ts';
import { statement } from '../../platform/database/database.ts';
import type { OwnedLanes } from './lane-worker.ts';

/** What waits for the owner of a user's lane. `payload` is the JSON that was appended. */
export interface InboxRow<Payload = unknown> {
  readonly lane: number;
  /** Ascending in order of arrival; the rows of one user are worked in this order. */
  readonly id: number;
  readonly appId: string;
  readonly userId: string;
  readonly kind: string;
  readonly payload: Payload;
  /** When it happened, on the injected clock. */
  readonly at: Date;
}

/**
 * SQL that appends to the inbox what `source` selects: lane, app_id, user_id, kind, payload, at.
 * Rows get their ids in the order of `source`, so it says `order by`. Written as a fragment so that
 * a module appends in the very statement that stores what happened.
 */
export function appendInbox(source: string): string {
  return `insert into lane_inbox (lane, app_id, user_id, kind, payload, at) ${source}`;
}

const read = statement(
  'lanes.read-inbox',
  `select lane, id, app_id as "appId", user_id as "userId", kind, payload, at
   from lane_inbox where lane = any($1) and kind = any($2) order by id limit $3`,
);

/**
 * The oldest rows of the owned lanes. Rows of other kinds stay: a newer release may have written
 * them for its own processes.
 */
export function readInbox<Payload>(
  database: Queryable,
  owned: OwnedLanes,
  kinds: readonly string[],
  limit: number,
): Promise<InboxRow<Payload>[]> {
  return database.rows<InboxRow<Payload>>(read, [[...owned.lanes.keys()], kinds, limit]);
}
