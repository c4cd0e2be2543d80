import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { CallContext, CallOrigin } from './append-calls-store.ts';

/** A call that is due. */
export interface DueCall {
  readonly lane: number;
  readonly id: string;
  readonly userId: string;
  readonly origin: CallOrigin;
  readonly context: CallContext;
  readonly createdAt: Date;
  /** Tries in vain. */
  readonly attempts: number;
}

const due = statement(
  'webhook-calls.due',
  `select lane, id, user_id as "userId", origin, context, created_at as "createdAt", attempts
   from webhook_calls where app_id = $1 and webhook_id = $2 and due_at <= $3 order by due_at, id limit $4`,
);

/** A call without a time is over. Whatever is gone by now, with the person that it was about, stays gone. */
const settle = statement(
  'webhook-calls.settle',
  `with x as materialized (
     select * from jsonb_to_recordset($1::jsonb) as x (lane int, id uuid, attempts int, "dueAt" timestamptz, reason text)),
   going as (
     update webhook_calls c set attempts = x.attempts, due_at = x."dueAt", reason = x.reason
     from x where c.lane = x.lane and c.id = x.id and x."dueAt" is not null returning c.id),
   ended as (
     delete from webhook_calls c using x
     where c.lane = x.lane and c.id = x.id and x."dueAt" is null returning c.id)
   select id from going union all select id from ended`,
);

const drop = statement(
  'webhook-calls.drop',
  `delete from webhook_calls where (lane, id) in (
     select lane, id from webhook_calls where app_id = $1 and webhook_id = $2 limit $3)`,
);

const forget = statement(
  'webhook-calls.forget',
  `delete from webhook_calls where (lane, id) in (
     select lane, id from webhook_calls where created_at < $1 limit $2)`,
);

/** A webhook of an app. */
interface Place {
  readonly appId: string;
  readonly id: string;
}

/** Those that have waited longest first. */
export function dueCalls(
  database: Queryable,
  { appId, id }: Place,
  now: number,
  limit: number,
): Promise<DueCall[]> {
  return database.rows<DueCall>(due, [appId, id, new Date(now), limit]);
}

/** Where a call is after a try. */
export interface SettledCall {
  readonly lane: number;
  readonly id: string;
  readonly attempts: number;
  /** Milliseconds since the epoch; null when it is over. */
  readonly dueAt: number | null;
  readonly reason: string | null;
}

/** The ids of those that were still there. */
export async function writeSettled(
  transaction: Queryable,
  calls: readonly SettledCall[],
): Promise<Set<string>> {
  if (calls.length === 0) return new Set();
  const rows = calls.map(({ dueAt, ...call }) => ({
    ...call,
    dueAt: dueAt === null ? null : new Date(dueAt),
  }));
  return new Set((await transaction.rows<{ id: string }>(settle, [asJson(rows)])).map(({ id }) => id));
}

/** Up to `limit` calls that are not to be made; how many went. */
export function dropCalls(database: Queryable, { appId, id }: Place, limit: number): Promise<number> {
  return database.run(drop, [appId, id, limit]);
}

/** Up to `limit` calls that were appended before `before`, in milliseconds; how many went. */
export function forgetCalls(database: Queryable, before: number, limit: number): Promise<number> {
  return database.run(forget, [new Date(before), limit]);
}
