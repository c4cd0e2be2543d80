import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import { ALIAS_LIMIT } from './alias.ts';
import { namesOf } from './found-user.ts';
import type { FoundUser } from './found-user.ts';
import type { History } from './history.ts';
import { SUBSCRIPTION_LIMIT } from './user-write.ts';

const merge = statement(
  'users.merge',
  'select outcome, detail from merge_users($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11::jsonb)',
);

export type MergeResult =
  /** `detail`: aliases of the one that is gone for which the other had another value. */
  | { readonly outcome: 'merged'; readonly detail: Readonly<Record<string, string>> }
  /** `detail`: the id that does not exist. */
  | { readonly outcome: 'no-user'; readonly detail: string }
  | { readonly outcome: 'too-many-aliases' | 'too-many-tags' };

/** Makes one user of two; `gone` is deleted. Fails with 40001 when a subscription moved at the same moment. */
export async function mergeUsers(
  database: Queryable,
  { kept, gone, tagLimit }: { readonly kept: FoundUser; readonly gone: FoundUser; readonly tagLimit: number },
  { history, now }: { readonly history: History; readonly now: number },
): Promise<MergeResult> {
  const [row] = await database.rows<MergeResult>(merge, [
    kept.appId,
    laneOf(kept.userId),
    kept.userId,
    laneOf(gone.userId),
    gone.userId,
    ALIAS_LIMIT,
    tagLimit,
    SUBSCRIPTION_LIMIT,
    history,
    new Date(now),
    namesOf(kept, gone),
  ]);
  return row ?? { outcome: 'no-user', detail: kept.userId };
}
