import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PostContent } from './post.ts';

export type PostState = 'waiting' | 'sent' | 'failed';

/** What is told of a post. */
export interface PostRow {
  readonly id: string;
  readonly state: PostState;
  readonly attempts: number;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = `id, state, attempts, reason, created_at as "createdAt", due_at as "dueAt", ended_at as "endedAt"`;

/** An app that is gone takes no posts. */
const insert = statement(
  'endpoint-posts.insert',
  `insert into endpoint_posts
     (app_id, id, endpoint, idempotency_key, body_hash, content, state, created_at, due_at)
   values ($1, $2, $3, $4, $5, $6, 'waiting', $7, $7)
   on conflict (app_id, endpoint, idempotency_key) where idempotency_key is not null do nothing`,
);

const byKey = statement(
  'endpoint-posts.by-key',
  `select id, body_hash as "bodyHash" from endpoint_posts
   where app_id = $1 and endpoint = $2 and idempotency_key = $3`,
);

const page = statement(
  'endpoint-posts.page',
  `select ${COLUMNS} from endpoint_posts where app_id = $1 and endpoint = $2 and id < $3
   order by id desc limit $4`,
);

const one = statement(
  'endpoint-posts.one',
  `select ${COLUMNS} from endpoint_posts where app_id = $1 and endpoint = $2 and id = $3`,
);

const failWaiting = statement(
  'endpoint-posts.fail-waiting',
  `update endpoint_posts set state = 'failed', reason = $3, content = null, ended_at = $4, epoch = epoch + 1
   where app_id = $1 and endpoint = $2 and state = 'waiting'`,
);

const haltOfApp = statement(
  'endpoint-posts.halt-app',
  `update endpoint_posts set state = 'failed', reason = 'the app was deleted', content = null, ended_at = $2,
     epoch = epoch + 1
   where app_id = $1 and state = 'waiting'`,
);

const forget = statement(
  'endpoint-posts.forget',
  `delete from endpoint_posts where (app_id, id) in (
     select app_id, id from endpoint_posts where state <> 'waiting' and ended_at < $1 limit $2)`,
);

const eraseOfApp = statement(
  'endpoint-posts.erase-app',
  `delete from endpoint_posts where (app_id, id) in (
     select app_id, id from endpoint_posts where app_id = $1 limit $2)`,
);

export interface NewPost {
  readonly id: string;
  readonly endpoint: string;
  readonly idempotencyKey: string | null;
  /** As `hashBody` makes it. */
  readonly bodyHash: string;
  readonly content: PostContent;
}

/** False when there is one with the same key. */
export async function insertPost(
  transaction: Queryable,
  appId: string,
  { id, endpoint, idempotencyKey, bodyHash, content }: NewPost,
  now: number,
): Promise<boolean> {
  const values = [appId, id, endpoint, idempotencyKey, bodyHash, JSON.stringify(content), new Date(now)];
  return (await transaction.run(insert, values)) === 1;
}

export async function findPostByKey(
  transaction: Queryable,
  appId: string,
  endpoint: string,
  key: string,
): Promise<{ readonly id: string; readonly bodyHash: string } | null> {
  const rows = await transaction.rows<{ id: string; bodyHash: string }>(byKey, [appId, endpoint, key]);
  return rows[0] ?? null;
}

/** The newest first, behind `before`: an id. */
export function postsBefore(
  database: Queryable,
  appId: string,
  endpoint: string,
  before: string,
  limit: number,
): Promise<PostRow[]> {
  return database.rows<PostRow>(page, [appId, endpoint, before, limit]);
}

export async function findPost(
  database: Queryable,
  appId: string,
  endpoint: string,
  id: string,
): Promise<PostRow | null> {
  return (await database.rows<PostRow>(one, [appId, endpoint, id]))[0] ?? null;
}

/** Ends what waits for an endpoint. Whoever is posting it now writes nothing of it any more. */
export async function failWaitingPosts(
  transaction: Queryable,
  appId: string,
  endpoint: string,
  reason: string,
  now: number,
): Promise<void> {
  await transaction.run(failWaiting, [appId, endpoint, reason, new Date(now)]);
}

/** Nothing of an app goes out any more. */
export async function haltEndpointPosts(transaction: Queryable, appId: string, now: number): Promise<void> {
  await transaction.run(haltOfApp, [appId, new Date(now)]);
}

/** Up to `limit` posts that ended before `before`; how many went. */
export function forgetPosts(database: Queryable, before: number, limit: number): Promise<number> {
  return database.run(forget, [new Date(before), limit]);
}

/** Up to `limit` posts of an app; how many went. */
export function eraseEndpointPosts(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(eraseOfApp, [appId, limit]);
}
