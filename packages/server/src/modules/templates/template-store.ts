import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

/** A template without its content, which is a row of its own and may be known already. */
export interface TemplateRow {
  readonly id: string;
  readonly name: string;
  readonly contentId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = `id, name, content_id as "contentId", created_at as "createdAt", updated_at as "updatedAt"`;

const insert = statement(
  'templates.insert',
  `insert into templates (app_id, id, name, channel, content_id, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)`,
);

const find = statement('templates.find', `select ${columns} from templates where app_id = $1 and id = $2`);

const page = statement(
  'templates.page',
  `select ${columns} from templates where app_id = $1 and ($2::text is null or channel = $2)
   order by created_at, id limit $3 offset $4`,
);

const count = statement(
  'templates.count',
  `select count(*) as count from templates where app_id = $1 and ($2::text is null or channel = $2)`,
);

// Only over the content that the change was made from: two changes at once must not undo each other.
const update = statement(
  'templates.update',
  `update templates set name = $4, content_id = $5, updated_at = $6
   where app_id = $1 and id = $2 and content_id = $3
   returning ${columns}`,
);

const remove = statement(
  'templates.remove',
  `delete from templates where app_id = $1 and id = $2 returning id, name`,
);

const contentIds = statement(
  'templates.content-ids',
  `select id, content_id as "contentId" from templates where app_id = $1 and id = any($2) and channel = $3`,
);

const namingDataFeed = statement(
  'templates.naming-data-feed',
  `select exists (
     select from templates t join contents c on c.app_id = t.app_id and c.id = t.content_id
     where t.app_id = $1 and t.channel = 'email' and c.content ->> 'dataFeed' = $2) as named`,
);

export interface NewTemplate {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly contentId: string;
}

export async function insertTemplate(
  database: Queryable,
  appId: string,
  { id, name, channel, contentId }: NewTemplate,
  now: number,
): Promise<void> {
  await database.run(insert, [appId, id, name, channel, contentId, new Date(now)]);
}

export async function findTemplate(
  database: Queryable,
  appId: string,
  id: string,
): Promise<TemplateRow | undefined> {
  return (await database.rows<TemplateRow>(find, [appId, id]))[0];
}

export interface TemplatePage {
  readonly rows: readonly TemplateRow[];
  /** Of all pages. */
  readonly total: number;
}

/** The oldest first; all channels when `channel` is null. */
export async function readTemplates(
  database: Queryable,
  appId: string,
  { channel, limit, offset }: { channel: string | null; limit: number; offset: number },
): Promise<TemplatePage> {
  const [rows, [counted]] = await Promise.all([
    database.rows<TemplateRow>(page, [appId, channel, limit, offset]),
    database.rows<{ count: number }>(count, [appId, channel]),
  ]);
  return { rows, total: counted?.count ?? 0 };
}

/** `undefined` when the template is gone, or no longer says what `before` says. */
export async function updateTemplate(
  database: Queryable,
  appId: string,
  before: TemplateRow,
  after: { readonly name: string; readonly contentId: string },
  now: number,
): Promise<TemplateRow | undefined> {
  const values = [appId, before.id, before.contentId, after.name, after.contentId, new Date(now)];
  return (await database.rows<TemplateRow>(update, values))[0];
}

/** What it was called; null when there was none. */
export async function removeTemplate(
  database: Queryable,
  appId: string,
  id: string,
): Promise<Pick<TemplateRow, 'id' | 'name'> | null> {
  return (await database.rows<Pick<TemplateRow, 'id' | 'name'>>(remove, [appId, id]))[0] ?? null;
}

/** Template ids to the ids of what they say now; unknown ones and those of other channels are absent. */
export async function findContentIds(
  database: Queryable,
  appId: string,
  ids: readonly string[],
  channel: string,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await database.rows<{ id: string; contentId: string }>(contentIds, [appId, ids, channel]);
  return new Map(rows.map((row) => [row.id, row.contentId]));
}

/** Whether a template of the app says that this data feed is asked. */
export async function isDataFeedNamed(database: Queryable, appId: string, alias: string): Promise<boolean> {
  const [row] = await database.rows<{ named: boolean }>(namingDataFeed, [appId, alias]);
  return row?.named === true;
}
