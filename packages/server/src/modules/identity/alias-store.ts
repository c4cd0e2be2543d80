import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { isUuid, laneOf } from '../../platform/ids.ts';
import type { UserPlace } from './recipient.ts';

const byValues = statement(
  'aliases.by-values',
  `select a.value, a.lane, a.user_id as "userId"
   from unnest($3::text[]) as asked (value)
   join aliases a on a.app_id = $1 and a.label = $2 and a.value = asked.value`,
);

const byIds = statement(
  'aliases.users-by-id',
  `select u.id as value, u.lane, u.id as "userId"
   from jsonb_to_recordset($2::jsonb) asked (lane int, id uuid)
   join users u on u.lane = asked.lane and u.id = asked.id
   where u.app_id = $1`,
);

/** Values of one label to their users; unknown values are absent. `onesignal_id` counts as a label. */
export async function findByAlias(
  database: Queryable,
  appId: string,
  label: string,
  values: readonly string[],
): Promise<Map<string, UserPlace>> {
  if (values.length === 0) return new Map();
  const rows =
    label === 'onesignal_id'
      ? await database.rows<UserPlace & { value: string }>(byIds, [
          appId,
          asJson(values.filter(isUuid).map((id) => ({ lane: laneOf(id), id }))),
        ])
      : await database.rows<UserPlace & { value: string }>(byValues, [appId, label, values]);
  return new Map(rows.map(({ value, lane, userId }) => [value, { lane, userId }]));
}
