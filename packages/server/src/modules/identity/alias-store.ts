import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { isUuid, laneOf } from '../../platform/ids.ts';
import type { UserPlace } from './recipient.ts';

// From what is asked into the index, as in recipient-store.
const byValues = statement(
  'aliases.by-values',
  `select a.value, a.lane, a.user_id as "userId"
   from unnest($3::text[]) as asked (value)
   cross join lateral (
     select * from aliases a where a.app_id = $1 and a.label = $2 and a.value = asked.value limit 1) a`,
);

const byIds = statement(
  'aliases.users-by-id',
  `select u.lane, u.id as "userId"
   from jsonb_to_recordset($2::jsonb) asked (lane int, id uuid)
   cross join lateral (
     select * from users u where u.lane = asked.lane and u.id = asked.id and u.app_id = $1 limit 1) u`,
);

/** Values of one label to their users; unknown values are absent. `onesignal_id` counts as a label. */
export async function findByAlias(
  database: Queryable,
  appId: string,
  label: string,
  values: readonly string[],
): Promise<Map<string, UserPlace>> {
  if (values.length === 0) return new Map();
  if (label === 'onesignal_id') return findById(database, appId, values);
  const rows = await database.rows<UserPlace & { value: string }>(byValues, [appId, label, values]);
  return new Map(rows.map(({ value, lane, userId }) => [value, { lane, userId }]));
}

async function findById(
  database: Queryable,
  appId: string,
  values: readonly string[],
): Promise<Map<string, UserPlace>> {
  const asked = values.filter(isUuid).map((id) => ({ lane: laneOf(id), id }));
  const rows = await database.rows<UserPlace>(byIds, [appId, asJson(asked)]);
  const found = new Map(rows.map((place) => [place.userId, place]));
  // Under the spelling that was asked for: UUIDs may come in upper case.
  return new Map(
    values.flatMap((value) => {
      const place = found.get(value.toLowerCase());
      return place === undefined ? [] : [[value, place]];
    }),
  );
}
