import type { Database, Queryable } from '../../../platform/database/database.ts';
import type { Identity } from '../../identity/index.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import type { BatchRows } from './batch-rows.ts';
import { holdLanes, writeBatch } from './write-batch-store.ts';
import type { Written } from './write-batch-store.ts';

export interface TagOfUser {
  readonly appId: string;
  readonly userId: string;
  /** '' removes. */
  readonly assignments: Readonly<Record<string, string>>;
}

/**
 * Writes a batch, and the tags that its steps assign, in one commit. A batch without tags is one statement. With
 * tags, the lanes are held first, until the commit, so that no owner who is late writes an old tag over a newer one;
 * and the batch comes last, because it locks places in the feed, which everybody else does behind users.
 */
export async function writeWithTags(
  database: Queryable & Pick<Database, 'transaction'>,
  identity: Pick<Identity, 'tagUsers'>,
  owned: OwnedLanes,
  rows: BatchRows,
  tags: readonly TagOfUser[],
  now: number,
): Promise<Written> {
  if (tags.length === 0) return writeBatch(database, owned, rows, now);
  return database.transaction(async (transaction) => {
    if (!(await holdLanes(transaction, owned, rows))) return { open: false, moved: 0, isTold: false };
    for (const [appId, users] of byApp(tags)) {
      const assigned = [...users].map(([userId, assignments]) => ({ userId, assignments }));
      await identity.tagUsers(transaction, appId, assigned);
    }
    return writeBatch(transaction, owned, rows, now);
  });
}

/** Each user once: what was assigned later wins. */
function byApp(tags: readonly TagOfUser[]): Map<string, Map<string, Record<string, string>>> {
  const apps = new Map<string, Map<string, Record<string, string>>>();
  for (const { appId, userId, assignments } of tags) {
    let users = apps.get(appId);
    if (users === undefined) apps.set(appId, (users = new Map()));
    users.set(userId, { ...users.get(userId), ...assignments });
  }
  return apps;
}
