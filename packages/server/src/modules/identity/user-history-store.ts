import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { UserPlace } from './recipient.ts';

/** A row of `user_changes`. */
export interface ChangeRow {
  readonly id: string;
  readonly action: string;
  readonly source: string;
  /** The id of the key that it was done with. */
  readonly actor: string | null;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

// Ids begin with their time. The day keeps the search out of the partitions that are newer. Without a
// name, so that the plan is never one that was made while a partition was empty.
const page = statement(
  '',
  `select id, action, source, actor, changes, at from user_changes
   where lane = $2 and user_id = $3 and app_id = $1 and id < $4 and day <= $5
   order by id desc limit $6`,
);

/** A user's changes behind `before`, newest first. `until` is a day, such as 2026-11-25, on which it was made. */
export function findChanges(
  database: Queryable,
  appId: string,
  { lane, userId }: UserPlace,
  { before, until }: { readonly before: string; readonly until: string },
  limit: number,
): Promise<ChangeRow[]> {
  return database.rows(page, [appId, lane, userId, before, until, limit]);
}
