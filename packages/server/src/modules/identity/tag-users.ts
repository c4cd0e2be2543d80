import { ApiError } from '../../platform/http/api-error.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { BeginWrite } from './begin-write.ts';
import { BY_SYSTEM } from './change-source.ts';
import { NO_CHANGES } from './user-properties.ts';
import { nothingFor } from './user-write.ts';
import { storeUserWrites } from './user-write-store.ts';

export interface TagAssignments {
  readonly userId: string;
  /** '' removes. */
  readonly assignments: Readonly<Record<string, string>>;
}

/**
 * Writes tags of users of an app inside of somebody's transaction, each user once. Users who are gone are left
 * out. Throws ApiError `tag-limit` when one would have too many.
 */
export async function tagUsers(
  transaction: Queryable,
  begin: BeginWrite,
  appId: string,
  users: readonly TagAssignments[],
): Promise<void> {
  const context = await begin(appId, BY_SYSTEM);
  const writes = users
    // Everybody takes users in this order, so that two transactions wait for each other in turn.
    .toSorted((a, b) => (a.userId < b.userId ? -1 : 1))
    .map(({ userId, assignments }) => {
      const entries = Object.entries(assignments);
      return {
        ...nothingFor(appId, { by: 'id', id: userId }, context),
        properties: {
          ...NO_CHANGES,
          tags: Object.fromEntries(entries.filter(([, value]) => value !== '')),
          goneTags: entries.flatMap(([key, value]) => (value === '' ? [key] : [])),
        },
      };
    });
  for (const { outcome } of await storeUserWrites(transaction, writes, context.now)) {
    if (outcome === 'too-many-tags') {
      throw new ApiError('tag-limit', { params: { limit: context.policy.tagLimit } });
    }
  }
}
