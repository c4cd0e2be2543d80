import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const active = statement(
  'webhooks.active',
  `select id from webhooks where app_id = $1 and id = any($2) and state = 'active'`,
);

/** Of these webhooks of an app, those that are there and take calls. */
export async function activeWebhooks(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return new Set((await database.rows<{ id: string }>(active, [appId, ids])).map(({ id }) => id));
}
