import { statement } from '../../../../platform/database/database.ts';
import type { Queryable } from '../../../../platform/database/database.ts';
import type { OwnKeywords } from './own-keywords.ts';

export interface KeywordRow {
  readonly settings: OwnKeywords;
  readonly updatedAt: Date;
}

const find = statement(
  'sms-keywords.find',
  'select settings, updated_at as "updatedAt" from sms_keywords where app_id = $1',
);

const put = statement(
  'sms-keywords.put',
  `insert into sms_keywords (app_id, settings, updated_at) values ($1, $2, $3)
   on conflict (app_id) do update set settings = excluded.settings, updated_at = excluded.updated_at`,
);

const remove = statement('sms-keywords.remove', 'delete from sms_keywords where app_id = $1');

export async function findKeywords(database: Queryable, appId: string): Promise<KeywordRow | null> {
  return (await database.rows<KeywordRow>(find, [appId]))[0] ?? null;
}

export async function putKeywords(
  database: Queryable,
  appId: string,
  { settings, updatedAt }: KeywordRow,
): Promise<void> {
  await database.run(put, [appId, JSON.stringify(settings), updatedAt]);
}

/** Whether there were any. */
export async function removeKeywords(database: Queryable, appId: string): Promise<boolean> {
  return (await database.run(remove, [appId])) > 0;
}
