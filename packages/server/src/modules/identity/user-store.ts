import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import type { UserAddress } from './alias.ts';
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

const WHOLE = `to_jsonb(u) as person,
  (select jsonb_object_agg(a.label, a.value) from aliases a
   where a.user_id = u.id and a.app_id = u.app_id) as identity,
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

const remove = statement('users.delete', 'select delete_user($1, $2, $3) as gone');

const touchForAlias = statement(
  'users.lose-alias',
  `update users set external_id = case when $4 = 'external_id' then null else external_id end, updated_at = $5
   where lane = $2 and id = $3 and app_id = $1`,
);

const removeAlias = statement(
  'aliases.delete',
  'delete from aliases where app_id = $1 and user_id = $2 and label = $3',
);

const aliasesOf = statement(
  'aliases.of-user',
  `select coalesce(jsonb_object_agg(label, value), '{}') as identity from aliases
   where app_id = $1 and user_id = $2`,
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

/** Deletes a user with its aliases and subscriptions; false when there is none of that id. */
export async function deleteUser(database: Queryable, appId: string, userId: string): Promise<boolean> {
  const [row] = await database.rows<{ gone: boolean }>(remove, [appId, laneOf(userId), userId]);
  return row?.gone ?? false;
}

/**
 * Removes one alias of a user, inside a transaction: the user's row is held first, as by every write
 * to its aliases. Returns the aliases that are left, or what was not there.
 */
export async function deleteAlias(
  transaction: Queryable,
  { appId, userId, label, at }: { appId: string; userId: string; label: string; at: number },
): Promise<Readonly<Record<string, string>> | 'no-user' | 'no-alias'> {
  const held = await transaction.run(touchForAlias, [appId, laneOf(userId), userId, label, new Date(at)]);
  if (held === 0) return 'no-user';
  if ((await transaction.run(removeAlias, [appId, userId, label])) === 0) return 'no-alias';
  const [row] = await transaction.rows<{ identity: Record<string, string> }>(aliasesOf, [appId, userId]);
  return row?.identity ?? {};
}
