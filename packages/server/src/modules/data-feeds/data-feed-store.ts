import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { DataFeed } from './data-feed.ts';

const COLUMNS = `id, name, alias, method, url, headers, body, created_at as "createdAt", updated_at as "updatedAt"`;

const insert = statement(
  'data-feeds.insert',
  `insert into data_feeds (app_id, id, name, alias, method, url, headers, body, created_at, updated_at)
   select $1, $2, $3, $4, $5, $6, $7, $8, $9, $9
   where (select count(*) from data_feeds where app_id = $1) < $10
   on conflict (app_id, alias) do nothing`,
);

const ofApp = statement(
  'data-feeds.of-app',
  `select ${COLUMNS} from data_feeds where app_id = $1 order by alias`,
);

const byId = statement('data-feeds.by-id', `select ${COLUMNS} from data_feeds where app_id = $1 and id = $2`);

const lock = statement(
  'data-feeds.lock',
  `select ${COLUMNS} from data_feeds where app_id = $1 and id = $2 for update`,
);

const byAlias = statement(
  'data-feeds.by-alias',
  `select ${COLUMNS} from data_feeds where app_id = $1 and alias = $2`,
);

const update = statement(
  'data-feeds.update',
  `update data_feeds set name = $3, method = $4, url = $5, headers = $6, body = $7, updated_at = $8
   where app_id = $1 and id = $2`,
);

const remove = statement('data-feeds.remove', `delete from data_feeds where app_id = $1 and id = $2`);

/** As it is stored: its headers are sealed. */
export interface DataFeedRow extends Omit<DataFeed, 'headers'> {
  readonly headers: Buffer;
}

/** False when the alias is taken, or the app has `most` feeds. */
export async function insertDataFeed(
  database: Queryable,
  appId: string,
  row: DataFeedRow,
  most: number,
): Promise<boolean> {
  const { id, name, alias, method, url, headers, body, createdAt } = row;
  const values = [appId, id, name, alias, method, url, headers, body, createdAt, most];
  return (await database.run(insert, values)) === 1;
}

export function dataFeedsOf(database: Queryable, appId: string): Promise<DataFeedRow[]> {
  return database.rows<DataFeedRow>(ofApp, [appId]);
}

export async function findDataFeed(
  database: Queryable,
  appId: string,
  id: string,
): Promise<DataFeedRow | null> {
  return (await database.rows<DataFeedRow>(byId, [appId, id]))[0] ?? null;
}

/** Within a transaction: whoever else changes it waits. */
export async function lockDataFeed(
  transaction: Queryable,
  appId: string,
  id: string,
): Promise<DataFeedRow | null> {
  return (await transaction.rows<DataFeedRow>(lock, [appId, id]))[0] ?? null;
}

export async function findDataFeedByAlias(
  database: Queryable,
  appId: string,
  alias: string,
): Promise<DataFeedRow | null> {
  return (await database.rows<DataFeedRow>(byAlias, [appId, alias]))[0] ?? null;
}

export async function updateDataFeed(database: Queryable, appId: string, row: DataFeedRow): Promise<void> {
  const { id, name, method, url, headers, body, updatedAt } = row;
  await database.run(update, [appId, id, name, method, url, headers, body, updatedAt]);
}

export async function removeDataFeed(database: Queryable, appId: string, id: string): Promise<void> {
  await database.run(remove, [appId, id]);
}
