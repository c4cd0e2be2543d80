import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Person } from '../identity/index.ts';

// An undo of an import deletes people too, as many as the import had made: nobody has asked that they be forgotten, and
// another file may bring them.
const unfinished = statement(
  'erasures.unfinished',
  `select id, case when id = any($3::uuid[]) then null else person end as person
   from erasures where app_id = $1 and requested_at >= $2 and state <> 'done' and source <> 'import'`,
);

/** Somebody whose identity is gone, and of whom not everything is erased yet. */
export interface BeingErased {
  /** Of the erasure. */
  readonly id: string;
  /** Null for one of those that were known. */
  readonly person: Person | null;
}

/**
 * People of an app whose identity was deleted at a time or later, not by an undo; `known`: ids of erasures that are not
 * read again.
 */
export function findBeingErased(
  database: Queryable,
  appId: string,
  since: Date,
  known: readonly string[],
): Promise<BeingErased[]> {
  return database.rows(unfinished, [appId, since, known]);
}

/**
 * SQL that is true of a row about nobody whose erasing is under way: what is left of somebody leaves the server no
 * more. The arguments are expressions of the statement: the app's id, and what the row is about, which may be null.
 */
export function notBeingErased(app: string, userId: string, subscriptionId: string): string {
  return `coalesce(${userId} not in (${idsIn(app, 'users', 'userId')}), true)
    and coalesce(${subscriptionId} not in (${idsIn(app, 'subscriptions', 'id')}), true)`;
}

function idsIn(app: string, part: 'users' | 'subscriptions', key: string): string {
  return `select (p.value ->> '${key}')::uuid from erasures e cross join jsonb_array_elements(e.person -> '${part}') p
    where e.app_id = ${app} and e.state <> 'done'`;
}
