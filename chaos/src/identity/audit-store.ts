import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

const strangers = statement(
  'chaos.strangers',
  `select count(*)::int as users from users
   where app_id = $1 and (external_id is null or external_id <> all($2::text[]))`,
);

/** Users of an app that have none of these names. */
export async function countStrangers(
  database: Database,
  appId: string,
  names: readonly string[],
): Promise<number> {
  return (await database.rows<{ users: number }>(strangers, [appId, names]))[0]?.users ?? 0;
}
