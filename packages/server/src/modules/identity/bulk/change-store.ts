import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { historyOfWrite } from '../history.ts';
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
    asJson(changes.flatMap(historiesOf)),
    first?.write.tagLimit,
    new Date(at),
  ]);
  return new Set(row?.done);
}

function historiesOf({ write }: { readonly write: UserWrite }, n: number) {
  const history = historyOfWrite(write);
  return history === null ? [] : [{ n, ...history }];
}
