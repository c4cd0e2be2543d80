import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

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
