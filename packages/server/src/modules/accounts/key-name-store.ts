import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const names = statement(
  'api-keys.names',
  `select k.id, k.name from apps a
   join api_keys k on k.organization_id = a.organization_id and (k.app_id = a.id or k.app_id is null)
   where a.id = $1 and k.id = any($2)`,
);

/** The names of keys that open an app, its organization's among them. Those deleted since are left out. */
export async function findKeyNames(
  queryable: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await queryable.rows<{ id: string; name: string }>(names, [appId, ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
