import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { contentId, readContent } from './content.ts';
import type { Content } from './content.ts';

const keep = statement(
  'contents.keep',
  `insert into contents as c (app_id, id, channel, content, created_at, kept_at) values ($1, $2, $3, $4, $5, $5)
   on conflict (app_id, id) do update set kept_at = greatest(c.kept_at, excluded.kept_at)`,
);

const load = statement(
  'contents.load',
  `select c.app_id as "appId", c.id, c.content
   from jsonb_to_recordset($1) as k (app_id uuid, id uuid)
   join contents c on c.app_id = k.app_id and c.id = k.id`,
);

export interface ContentKey {
  readonly appId: string;
  readonly id: string;
}

/** Stores a content unless it is there already, notes that somebody counts on it, and returns its id. */
export async function keepContent(
  database: Queryable,
  appId: string,
  content: Content,
  now: number,
): Promise<string> {
  const id = contentId(content);
  await database.run(keep, [appId, id, content.channel, JSON.stringify(content), new Date(now)]);
  return id;
}

export async function loadContents(
  database: Queryable,
  keys: readonly ContentKey[],
): Promise<(ContentKey & { readonly content: Content })[]> {
  const rows = keys.map(({ appId, id }) => ({ app_id: appId, id }));
  const found = await database.rows<ContentKey & { content: Content }>(load, [asJson(rows)]);
  return found.map(({ appId, id, content }) => ({ appId, id, content: readContent(content) }));
}
