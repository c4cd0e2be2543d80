import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A webhook whose calls this process makes until its lease is over. */
export interface ClaimedWebhook {
  readonly appId: string;
  readonly id: string;
  readonly name: string;
  readonly config: Buffer;
  readonly epoch: number;
  readonly updatedAt: Date;
  readonly failures: number;
  readonly pauses: number;
}

/** When a webhook has something to do. */
export interface WaitingWebhook {
  readonly appId: string;
  readonly id: string;
  /** Null: there is no such webhook any more. */
  readonly name: string | null;
  readonly at: Date;
}

/**
 * The webhooks that have calls, each found by one step in the index: what it costs goes by their number, and not by that of
 * the calls, of which a dead endpoint may have very many.
 */
const waiting = statement(
  'webhooks.waiting',
  `with recursive w as (
     (select app_id, webhook_id from webhook_calls order by app_id, webhook_id limit 1)
     union all
     select n.app_id, n.webhook_id from w cross join lateral (
       select app_id, webhook_id from webhook_calls c
       where (c.app_id, c.webhook_id) > (w.app_id, w.webhook_id) order by c.app_id, c.webhook_id limit 1) n)
   select w.app_id as "appId", w.webhook_id as id, k.name,
     greatest(c.due_at, k.retry_at, k.lease_until) as at
   from w
   cross join lateral (
     select due_at from webhook_calls c where c.app_id = w.app_id and c.webhook_id = w.webhook_id
     order by due_at limit 1) c
   left join webhooks k on k.app_id = w.app_id and k.id = w.webhook_id
   where k.state is null or k.state = 'active'
   order by at limit $1`,
);

/** Two that look at the same rows share them: each takes what the other has not locked. */
const claim = statement(
  'webhooks.claim',
  `with free as (
     select w.app_id, w.id from jsonb_to_recordset($4) k (app uuid, id uuid)
     join webhooks w on w.app_id = k.app and w.id = k.id
     where w.state = 'active' and (w.lease_until is null or w.lease_until <= $2)
       and (w.retry_at is null or w.retry_at <= $2)
     for update of w skip locked)
   update webhooks w set owner = $1, epoch = w.epoch + 1, lease_until = $3
   from free where w.app_id = free.app_id and w.id = free.id
   returning w.app_id as "appId", w.id, w.name, w.config, w.epoch, w.updated_at as "updatedAt", w.failures, w.pauses`,
);

const renew = statement(
  'webhooks.renew',
  `update webhooks w set lease_until = $2
   from jsonb_to_recordset($1) k (app uuid, id uuid, epoch bigint)
   where w.app_id = k.app and w.id = k.id and w.epoch = k.epoch
   returning w.id`,
);

/** A renewal that is under way at the same time finds another epoch. */
const release = statement(
  'webhooks.release',
  `update webhooks set owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2 and epoch = $3`,
);

const advance = statement(
  'webhooks.advance',
  `update webhooks set failures = $4, pauses = $5, retry_at = $6, delivered = delivered + $7, given_up = given_up + $8,
     last_taken_at = case when $7 > 0 then $10 else last_taken_at end, last_failure = coalesce($9, last_failure)
   where app_id = $1 and id = $2 and epoch = $3
   returning updated_at as "updatedAt"`,
);

const disable = statement(
  'webhooks.disable-owned',
  `update webhooks set state = 'disabled', reason = $4, state_at = $5,
     owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2 and epoch = $3 and state = 'active'`,
);

/** The first of them first; at most `limit`. */
export function waitingWebhooks(database: Queryable, limit: number): Promise<WaitingWebhook[]> {
  return database.rows<WaitingWebhook>(waiting, [limit]);
}

type Place = Pick<ClaimedWebhook, 'appId' | 'id'>;
type Held = Pick<ClaimedWebhook, 'appId' | 'id' | 'epoch'>;

/** Those of `places` that are nobody's, and do not rest. */
export async function claimWebhooks(
  database: Queryable,
  places: readonly Place[],
  { owner, now, leaseMs }: { readonly owner: string; readonly now: number; readonly leaseMs: number },
): Promise<ClaimedWebhook[]> {
  if (places.length === 0) return [];
  const keys = places.map(({ appId: app, id }) => ({ app, id }));
  return database.rows<ClaimedWebhook>(claim, [owner, new Date(now), new Date(now + leaseMs), asJson(keys)]);
}

/** The ids of those that are still ours. */
export async function renewWebhooks(
  database: Queryable,
  webhooks: readonly Held[],
  until: number,
): Promise<Set<string>> {
  if (webhooks.length === 0) return new Set();
  const keys = webhooks.map(({ appId: app, id, epoch }) => ({ app, id, epoch }));
  const rows = await database.rows<{ id: string }>(renew, [asJson(keys), new Date(until)]);
  return new Set(rows.map(({ id }) => id));
}

/** Lets others have it at once. */
export async function releaseWebhook(database: Queryable, { appId, id, epoch }: Held): Promise<void> {
  await database.run(release, [appId, id, epoch]);
}

/** How a webhook stands after a round. */
export interface Progress {
  readonly failures: number;
  readonly pauses: number;
  /** Milliseconds since the epoch; null for at once. */
  readonly retryAt: number | null;
  readonly delivered: number;
  readonly givenUp: number;
  readonly lastFailure: string | null;
}

/** When it was changed last; null when it is another's by now: then nothing was written. */
export async function advanceWebhook(
  transaction: Queryable,
  { appId, id, epoch }: Held,
  { failures, pauses, retryAt, delivered, givenUp, lastFailure }: Progress,
  now: number,
): Promise<Date | null> {
  const [row] = await transaction.rows<{ updatedAt: Date }>(advance, [
    appId,
    id,
    epoch,
    failures,
    pauses,
    retryAt === null ? null : new Date(retryAt),
    delivered,
    givenUp,
    lastFailure,
    new Date(now),
  ]);
  return row?.updatedAt ?? null;
}

export async function disableOwned(
  transaction: Queryable,
  { appId, id, epoch }: Held,
  reason: string,
  now: number,
): Promise<void> {
  await transaction.run(disable, [appId, id, epoch, reason, new Date(now)]);
}
