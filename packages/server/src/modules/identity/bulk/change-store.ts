import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { historiesOf } from '../user-write-store.ts';
import type { UserWrite } from '../user-write.ts';
import { askedOf } from './asked-properties.ts';

const changeUsers = statement(
  'users.change',
  'select change_users($1, $2::jsonb, $3::jsonb, $4, $5::timestamptz) as done',
);

/**
 * Changes the properties of users of one app, who have been found by a comparison. Returns the places of those
 * that are done; for the others write_users has the answer.
 */
export async function changeProperties(
  database: Queryable,
  changes: readonly { readonly write: UserWrite; readonly userId: string }[],
  at: number,
): Promise<ReadonlySet<number>> {
  const [first] = changes;
  const [row] = await database.rows<{ done: number[] }>(changeUsers, [
    first?.write.appId,
    asJson(changes.map(({ write, userId }, n) => ({ n, user_id: userId, ...askedOf(write.properties) }))),
    asJson(changes.flatMap(({ write }, n) => historiesOf(write, n))),
    first?.write.tagLimit,
    new Date(at),
  ]);
  return new Set(row?.done);
}
