import pg from 'pg';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
import { ALIAS_LIMIT } from './alias.ts';
import { namesOf } from './found-user.ts';
import type { FoundUser } from './found-user.ts';
import type { History } from './history.ts';

const remove = statement(
  'aliases.delete',
  'select outcome, identity from delete_alias($1, $2, $3, $4, $5::jsonb, $6, $7::jsonb)',
);

const take = statement(
  'aliases.take',
  'select outcome, identity from take_aliases($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7, $8::jsonb)',
);

export type AliasDeletion =
  | { readonly outcome: 'deleted'; readonly identity: Readonly<Record<string, string>> }
  | { readonly outcome: 'no-user' | 'no-alias' };

export type AliasTaking =
  | { readonly outcome: 'taken'; readonly identity: Readonly<Record<string, string>> }
  | { readonly outcome: 'no-user' | 'too-many-aliases' };

/** Raised by take_aliases when the user would have too many: what it had taken so far is undone by it. */
const TOO_MANY = 'CA001';

/** Removes one alias of a user. */
export async function deleteAlias(
  database: Queryable,
  user: FoundUser,
  label: string,
  { history, now }: { readonly history: History; readonly now: number },
): Promise<AliasDeletion> {
  const lane = laneOf(user.userId);
  const values = [user.appId, lane, user.userId, label, history, new Date(now), namesOf(user)];
  return (await database.rows<AliasDeletion>(remove, values))[0] ?? { outcome: 'no-user' };
}

/** Gives a user aliases, taking them from whoever has them. Fails with 40001 when somebody claims one meanwhile. */
export async function takeAliases(
  database: Queryable,
  user: FoundUser,
  identity: Readonly<Record<string, string>>,
  { history, now }: { readonly history: History; readonly now: number },
): Promise<AliasTaking> {
  const lane = laneOf(user.userId);
  const values = [
    user.appId,
    lane,
    user.userId,
    identity,
    ALIAS_LIMIT,
    history,
    new Date(now),
    namesOf(user),
  ];
  try {
    return (await database.rows<AliasTaking>(take, values))[0] ?? { outcome: 'no-user' };
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === TOO_MANY) return { outcome: 'too-many-aliases' };
    throw error;
  }
}
