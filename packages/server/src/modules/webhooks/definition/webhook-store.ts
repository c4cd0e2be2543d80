import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A row of webhooks, as far as the API tells of it. */
export interface WebhookRow {
  readonly id: string;
  readonly name: string;
  /** The sealed settings. */
  readonly config: Buffer;
  readonly state: 'active' | 'disabled';
  readonly reason: string | null;
  readonly stateAt: Date;
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly delivered: number;
  readonly givenUp: number;
  readonly lastTakenAt: Date | null;
  readonly lastFailure: string | null;
  /** Calls that are to be made; more than `MOST_COUNTED` are not counted. */
  readonly waiting: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const MOST_COUNTED = 10_000;

const COLUMNS = `w.id, w.name, w.config, w.state, w.reason, w.state_at as "stateAt", w.failures,
  w.retry_at as "retryAt", w.delivered, w.given_up as "givenUp", w.last_taken_at as "lastTakenAt",
  w.last_failure as "lastFailure", w.created_at as "createdAt", w.updated_at as "updatedAt",
  (select count(*)::int from (
     select from webhook_calls c where c.app_id = w.app_id and c.webhook_id = w.id limit ${MOST_COUNTED}) c) as waiting`;

/** By their names, behind `$2`. */
const page = statement(
  'webhooks.page',
  `select ${COLUMNS} from webhooks w where w.app_id = $1 and w.name > $2 order by w.name limit $3`,
);

const one = statement('webhooks.one', `select ${COLUMNS} from webhooks w where w.app_id = $1 and w.id = $2`);

/** No other write of the app's webhooks comes between what is read and what is written. */
const lock = statement('webhooks.lock', 'select from apps where id = $1 for update');

const counted = statement(
  'webhooks.counted',
  `select count(*)::int as all, count(*) filter (where name = $2 and id <> $3)::int as named
   from webhooks where app_id = $1`,
);

const insert = statement(
  'webhooks.insert',
  `insert into webhooks (app_id, id, name, config, state, state_at, created_at, updated_at)
   values ($1, $2, $3, $4, 'active', $5, $5, $5)`,
);

/** Whoever makes its calls sees by updated_at that it goes on with other settings. */
const update = statement(
  'webhooks.update',
  `update webhooks set name = $3, config = $4, updated_at = greatest($5, updated_at + interval '1 ms'), retry_at = null
   where app_id = $1 and id = $2`,
);

const disable = statement(
  'webhooks.disable',
  `update webhooks set state = 'disabled', reason = $4, state_at = $3,
     owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2`,
);

const enable = statement(
  'webhooks.enable',
  `update webhooks set state = 'active', reason = null, state_at = $3, failures = 0, pauses = 0, retry_at = null,
     owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2`,
);

const remove = statement('webhooks.remove', 'delete from webhooks where app_id = $1 and id = $2');

/** Up to `limit` webhooks of an app behind a name. */
export function webhooksAfter(
  database: Queryable,
  appId: string,
  name: string,
  limit: number,
): Promise<WebhookRow[]> {
  return database.rows<WebhookRow>(page, [appId, name, limit]);
}

export async function findWebhook(
  database: Queryable,
  appId: string,
  id: string,
): Promise<WebhookRow | null> {
  return (await database.rows<WebhookRow>(one, [appId, id]))[0] ?? null;
}

/** Until the end of the transaction nobody else changes webhooks of the app. */
export async function lockWebhooks(transaction: Queryable, appId: string): Promise<void> {
  await transaction.rows(lock, [appId]);
}

/** How many webhooks an app has, and whether another one has the name. */
export async function countWebhooks(
  transaction: Queryable,
  appId: string,
  { id, name }: Pick<WebhookRow, 'id' | 'name'>,
): Promise<{ readonly all: number; readonly isNameTaken: boolean }> {
  const [row] = await transaction.rows<{ all: number; named: number }>(counted, [appId, name, id]);
  return { all: row?.all ?? 0, isNameTaken: (row?.named ?? 0) > 0 };
}

type Fields = Pick<WebhookRow, 'id' | 'name' | 'config'>;

export async function insertWebhook(
  transaction: Queryable,
  appId: string,
  { id, name, config }: Fields,
  now: number,
): Promise<void> {
  await transaction.run(insert, [appId, id, name, config, new Date(now)]);
}

export async function updateWebhook(
  transaction: Queryable,
  appId: string,
  { id, name, config }: Fields,
  now: number,
): Promise<void> {
  await transaction.run(update, [appId, id, name, config, new Date(now)]);
}

export async function disableWebhook(
  transaction: Queryable,
  appId: string,
  id: string,
  reason: string,
  now: number,
): Promise<void> {
  await transaction.run(disable, [appId, id, new Date(now), reason]);
}

/** What was under way for another owner is not written any more. */
export async function enableWebhook(
  transaction: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<void> {
  await transaction.run(enable, [appId, id, new Date(now)]);
}

export async function removeWebhook(transaction: Queryable, appId: string, id: string): Promise<void> {
  await transaction.run(remove, [appId, id]);
}
