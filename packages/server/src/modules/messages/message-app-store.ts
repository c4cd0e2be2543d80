import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const apps = statement(
  'messages.apps',
  'select id, app_id as "appId" from messages where id = any($1::uuid[])',
);

/** The apps of messages, by the message's id; those that are not there are absent. */
export async function findAppsOfMessages(
  database: Queryable,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.rows<{ id: string; appId: string }>(apps, [ids]);
  return new Map(rows.map(({ id, appId }) => [id, appId]));
}
