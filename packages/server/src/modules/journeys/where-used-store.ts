import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const waiters = statement(
  'journeys.users-of-events',
  `select distinct e.event, j.id, j.name
   from journeys j
   cross join lateral (
     select jsonb_path_query(j.definition, '$.audience.name') #>> '{}' as event
     union select jsonb_path_query(j.definition, '$.earlyExit.onEvent.name') #>> '{}'
     union select jsonb_path_query(j.definition, '$.**.event.name') #>> '{}') e
   where j.app_id = $1 and j.state <> 'archived' and e.event = any($2) order by e.event, j.name, j.id`,
);

const callers = statement(
  'journeys.callers-of-webhook',
  `select name from journeys where app_id = $1 and state <> 'archived'
     and jsonb_path_exists(definition, '$.**.webhookId ? (@ == $id)', jsonb_build_object('id', $2::text))
   order by name limit 20`,
);

/** The names of journeys that are not archived and call this webhook; the first 20. */
export async function journeysThatCall(
  database: Queryable,
  appId: string,
  webhookId: string,
): Promise<string[]> {
  return (await database.rows<{ name: string }>(callers, [appId, webhookId])).map(({ name }) => name);
}

/** The journeys that are not archived and ask for events of these names, by the name of the event. */
export async function journeysThatAskFor(
  database: Queryable,
  appId: string,
  names: readonly string[],
): Promise<Map<string, { id: string; name: string }[]>> {
  const rows = await database.rows<{ event: string; id: string; name: string }>(waiters, [appId, names]);
  const found = new Map<string, { id: string; name: string }[]>();
  for (const { event, ...journey } of rows) found.set(event, [...(found.get(event) ?? []), journey]);
  return found;
}
