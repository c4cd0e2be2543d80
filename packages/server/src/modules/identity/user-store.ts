import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import type { UserAddress } from './alias.ts';
import { namesOf } from './found-user.ts';
import type { FoundUser } from './found-user.ts';
import type { History } from './history.ts';
import type { SubscriptionRow } from './subscription-row.ts';
import type { UserRow } from './user-row.ts';

/** A user with everything that hangs on it. */
export interface WholeUser {
  readonly person: UserRow;
  /** Label to value, without onesignal_id; null when there is none. */
  readonly identity: Readonly<Record<string, string>> | null;
  /** Oldest first. */
  readonly subscriptions: readonly SubscriptionRow[] | null;
}

// Aliases by their user alone, who is of the app: asked for the app too, a planner without statistics reads
// all aliases of the app from the primary key.
const WHOLE = `to_jsonb(u) as person,
  (select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = u.id) as identity,
  (select jsonb_agg(to_jsonb(s) order by s.created_at, s.id) from subscriptions s
   where s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id) as subscriptions`;

const wholeById = statement(
  'users.whole-by-id',
  `select ${WHOLE} from users u where u.lane = $2 and u.id = $3 and u.app_id = $1`,
);

const wholeByAlias = statement(
  'users.whole-by-alias',
  `select ${WHOLE} from aliases known
   join users u on u.lane = known.lane and u.id = known.user_id and u.app_id = known.app_id
   where known.app_id = $1 and known.label = $2 and known.value = $3`,
);

const remove = statement(
  'users.delete',
  'select delete_user($1, $2, $3, $4, $5::jsonb, $6, $7::jsonb) as "erasureId"',
);

export async function findWholeUser(
  database: Queryable,
  appId: string,
  address: UserAddress,
): Promise<WholeUser | null> {
  const [row] =
    address.by === 'id'
      ? await database.rows<WholeUser>(wholeById, [appId, laneOf(address.id), address.id])
      : await database.rows<WholeUser>(wholeByAlias, [appId, address.label, address.value]);
  return row ?? null;
}

/**
 * Deletes a user with its aliases and subscriptions, and asks for all else about it to be erased. Returns
 * the id of that erasure; null when there is no user of that id.
 */
export async function deleteUser(
  database: Queryable,
  user: FoundUser,
  { aliasHash, history, now }: DeletionNote,
): Promise<string | null> {
  const { appId, userId } = user;
  const values = [appId, laneOf(userId), userId, aliasHash, history, new Date(now), namesOf(user)];
  const [row] = await database.rows<{ erasureId: string | null }>(remove, values);
  return row?.erasureId ?? null;
}

/** What is noted down of a deletion. */
export interface DeletionNote {
  /** Of the alias that named the user; names nobody. */
  readonly aliasHash: Buffer | null;
  readonly history: History;
  readonly now: number;
}
