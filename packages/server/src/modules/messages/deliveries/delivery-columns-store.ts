import type { DeliveryFilter } from './delivery-filter.ts';

/** Above all ids, and below them. */
export const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * What is shown of a row `f` of deliveries that were found, of the app `$1`. What waits has no user in the
 * ledger yet: it is the subscription's present one.
 */
export const SHOWN = `f.lane, f.message_id as "messageId", f.subscription_id as "subscriptionId",
  o.user_id as "userId", u.external_id as "externalId", f.state, f.reason, f.attempts::int as attempts, f.ref,
  f.ended_at as "endedAt", f.due_at as "dueAt",
  (select jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.at, 'data', e.data) order by e.at, e.kind)
   from delivery_events e
   where e.lane = f.lane and e.message_id = f.message_id and e.subscription_id = f.subscription_id) as events`;

/** Joins to a row `f` whose it is. */
export const OWNER = `left join lateral (
    select coalesce(f.user_id, (
      select s.user_id from subscriptions s
      where f.ended_at is null and s.lane = f.lane and s.id = f.subscription_id and s.app_id = $1)) as user_id
  ) o on true
  left join lateral (
    select u.external_id from users u
    where u.lane = lane_of(o.user_id) and u.id = o.user_id and u.app_id = $1 limit 1
  ) u on true`;

/** Whether all who can be reached get a message, where its chunks have no targets. */
export function forEveryone(messageId: string): string {
  return `not exists (select from messages a where a.id = ${messageId} and a.audience is not null)`;
}

/** The condition of a filter on a row `l`, whose values stand from the parameter `first` on. */
export function matches(first: number): string {
  const [states, reason, after, before] = [first, first + 1, first + 2, first + 3];
  return `($${states}::text[] is null or l.state = any ($${states}))
    and ($${reason}::text is null or position($${reason} in lower(l.reason)) > 0)
    and ($${after}::timestamptz is null or l.ended_at > $${after})
    and ($${before}::timestamptz is null or l.ended_at < $${before})`;
}

/** The four values that `matches` refers to. */
export function valuesOf({ states, reason, endedAfter, endedBefore }: DeliveryFilter): unknown[] {
  return [states, reason, timeOf(endedAfter), timeOf(endedBefore)];
}

function timeOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
