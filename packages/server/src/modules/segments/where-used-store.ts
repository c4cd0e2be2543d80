import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const askers = statement(
  'segments.users-of-events',
  `select distinct e.event, s.id, s.name
   from segments s
   cross join lateral (
     select jsonb_path_query(s.conditions, '$.** ? (@.kind == "custom-event").name') #>> '{}' as event) e
   where s.app_id = $1 and s.deleted_at is null and e.event = any($2) order by e.event, s.name, s.id`,
);

/** The segments whose conditions name these custom events, by the name of the event. */
export async function segmentsThatAskFor(
  database: Queryable,
  appId: string,
  names: readonly string[],
): Promise<Map<string, { id: string; name: string }[]>> {
  const rows = await database.rows<{ event: string; id: string; name: string }>(askers, [appId, names]);
  const found = new Map<string, { id: string; name: string }[]>();
  for (const { event, ...segment } of rows) found.set(event, [...(found.get(event) ?? []), segment]);
  return found;
}
