import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PostContent } from './post.ts';
import type { PostState } from './post-store.ts';

/** So many of the oldest due posts name the endpoints that have something due. */
const OLDEST = 1_000;

/**
 * What could be claimed: of each endpoint its oldest, but nothing of those in `$2`. Their order is that in which they
 * were accepted, whatever their next try is.
 */
const claimable = statement(
  'endpoint-posts.claimable',
  `with oldest as materialized (
     select app_id, endpoint from endpoint_posts p
     where state = 'waiting' and due_at <= $1 and not exists (
       select from jsonb_to_recordset($2) b (app uuid, endpoint text)
       where b.app = p.app_id and b.endpoint = p.endpoint)
     order by due_at limit ${OLDEST})
   select due.app_id as app, due.id
   from (select distinct app_id, endpoint from oldest limit $3) e
   cross join lateral (
     select app_id, id from endpoint_posts
     where app_id = e.app_id and endpoint = e.endpoint and state = 'waiting' and due_at <= $1
     order by id limit $4) due`,
);

/** Two that read the same rows take turns on the row locks, and the second finds them due later. */
const claim = statement(
  'endpoint-posts.claim',
  `with k as materialized (
     select * from jsonb_to_recordset($1) as k (app uuid, id uuid) order by app, id)
   update endpoint_posts p set epoch = p.epoch + 1, due_at = $3
   from k
   where p.app_id = k.app and p.id = k.id and p.state = 'waiting' and p.due_at <= $2
   returning p.app_id as "appId", p.id, p.endpoint, p.content, p.attempts, p.epoch,
     p.created_at as "createdAt"`,
);

const settle = statement(
  'endpoint-posts.settle',
  `update endpoint_posts set state = $4, attempts = attempts + 1, reason = $5, due_at = $6, ended_at = $7,
     content = case when $4 = 'waiting' then content end
   where app_id = $1 and id = $2 and epoch = $3 and state = 'waiting'`,
);

const giveBack = statement(
  'endpoint-posts.give-back',
  `update endpoint_posts p set due_at = $2
   from jsonb_to_recordset($1) as k (app uuid, id uuid, epoch bigint)
   where p.app_id = k.app and p.id = k.id and p.epoch = k.epoch and p.state = 'waiting'`,
);

const nextDue = statement(
  'endpoint-posts.next-due',
  `select min(due_at) as at from endpoint_posts where state = 'waiting' and due_at > $1`,
);

/** An endpoint of an app. */
export interface EndpointPlace {
  readonly appId: string;
  readonly endpoint: string;
}

/** A post that this process may try until its lease is over. */
export interface ClaimedPost extends EndpointPlace {
  readonly id: string;
  readonly content: PostContent;
  readonly attempts: number;
  readonly epoch: number;
  readonly createdAt: Date;
}

export interface ClaimOptions {
  readonly now: number;
  readonly leaseMs: number;
  /** Whose posts are left alone. */
  readonly except: readonly EndpointPlace[];
  readonly mostEndpoints: number;
  readonly mostOfEach: number;
}

/** Claims what is due, in the order in which it was accepted. */
export async function claimPosts(
  database: Queryable,
  { now, leaseMs, except, mostEndpoints, mostOfEach }: ClaimOptions,
): Promise<ClaimedPost[]> {
  const left = except.map(({ appId: app, endpoint }) => ({ app, endpoint }));
  const found = await database.rows<{ app: string; id: string }>(claimable, [
    new Date(now),
    asJson(left),
    mostEndpoints,
    mostOfEach,
  ]);
  if (found.length === 0) return [];
  const claimed = await database.rows<ClaimedPost>(claim, [
    asJson(found),
    new Date(now),
    new Date(now + leaseMs),
  ]);
  return claimed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Where a post is after a try: `dueAt` counts while it waits. */
export interface Settled {
  readonly state: PostState;
  readonly reason: string | null;
  readonly dueAt: number;
}

/** Writes down what came of a try. Nothing is written when somebody else has claimed the post since, or ended it. */
export async function settlePost(
  database: Queryable,
  { appId, id, epoch }: ClaimedPost,
  { state, reason, dueAt }: Settled,
  now: number,
): Promise<void> {
  const endedAt = state === 'waiting' ? null : new Date(now);
  await database.run(settle, [appId, id, epoch, state, reason, new Date(dueAt), endedAt]);
}

/** Lets others have posts that were not tried, at `dueAt`. */
export async function giveBackPosts(
  database: Queryable,
  posts: readonly ClaimedPost[],
  dueAt: number,
): Promise<void> {
  if (posts.length === 0) return;
  const keys = posts.map(({ appId: app, id, epoch }) => ({ app, id, epoch }));
  await database.run(giveBack, [asJson(keys), new Date(dueAt)]);
}

/** When the next post is due that is not due by `now`, in milliseconds; null when none waits. */
export async function nextDueAt(database: Queryable, now: number): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue, [new Date(now)]);
  return row?.at?.getTime() ?? null;
}
