import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { APPEND_NEWS } from '../feed/index.ts';
import { noteChangesByMessages } from '../identity/index.ts';
import type { ChunkKey } from './chunk.ts';
import { countPlatforms, countStates } from './delivery.ts';
import type { Delivery, Retry } from './delivery.ts';

/**
 * Everything about a page at once: counts and cursor in the chunk, the ledger's rows, the retries,
 * and one row in the feed that refers to them. All of it hangs on the epoch: `closed` is what the
 * UPDATE of the chunk really touched, and every other part joins it, because a CTE that updates
 * nothing does not stop its siblings. A page is closed once, even when its sender did not hear of
 * the commit and asks again: its doubt is gone then. Retries of the page itself still stand with
 * their old time when the next one is looked for: they do not count. That the ids are in a list as well keeps a plan
 * that joins by hash or merge, made while the table was small, from reading all of it for ever.
 */
const close = statement(
  'ledger.close-pages',
  `with page as materialized (
     select * from jsonb_to_recordset($1) as p (n int, message_id uuid, lane int, epoch bigint, cursor uuid, exhausted bool,
       tried bool, retrying int, retry_at timestamptz, at timestamptz, sent int, failed int, unsubscribed int,
       suppressed int, capped int, expired int, cancelled int, unknown int, copies int, held_out int, platforms jsonb, size int, first_id uuid, last_id uuid)
     order by message_id, lane
   ),
   delivery as materialized (
     select * from jsonb_to_recordset($2) as d (p int, s uuid, u uuid, v smallint, n smallint, t text, x text, r text)
   ),
   closed as (
     update message_chunks c set
       cursor = coalesce(p.cursor, c.cursor), doubt_ids = null, retrying = c.retrying + p.retrying,
       state = case when not p.exhausted then 'open' when c.retrying + p.retrying > 0 then 'ready' else 'done' end,
       due_at = case when not p.exhausted or c.retrying + p.retrying = 0 then c.due_at
         when c.cancelled_at is not null then p.at
         else coalesce(least(p.retry_at, (
           select min(r.due_at) from delivery_retries r
           where r.message_id = c.message_id and r.lane = c.lane and r.subscription_id <> all (c.doubt_ids))), c.due_at) end,
       lease_until = case when p.exhausted then '-infinity' else c.lease_until end,
       done_at = case when p.exhausted and c.retrying + p.retrying = 0 then p.at end,
       sent = c.sent + p.sent, failed = c.failed + p.failed, unsubscribed = c.unsubscribed + p.unsubscribed,
       suppressed = c.suppressed + p.suppressed, capped = c.capped + p.capped, expired = c.expired + p.expired,
       cancelled = c.cancelled + p.cancelled, unknown = c.unknown + p.unknown,
       copies = c.copies + p.copies, held_out = c.held_out + p.held_out
     from page p
     where c.message_id = p.message_id and c.lane = p.lane and c.epoch = p.epoch and c.state = 'open'
       and c.doubt_ids is not null and c.message_id = any (array(select message_id from page))
     returning p.n, c.message_id, c.lane, c.app_id, c.page, c.state, p.tried, p.at, p.platforms, p.size, p.first_id, p.last_id
   ),
   written as (
     insert into deliveries (lane, message_id, subscription_id, user_id, device_type, page, attempts, state, reason, ref, at)
     select c.lane, c.message_id, d.s, d.u, d.v, c.page, d.n, d.t, d.x, d.r, c.at
     from delivery d join closed c on c.n = d.p
   ),
   platform as (
     insert into message_platforms as m (message_id, lane, device_type, successful, failed, errored)
     select c.message_id, c.lane, p."deviceType", p.successful, p.failed, p.errored
     from closed c
     cross join jsonb_to_recordset(c.platforms) as p ("deviceType" smallint, successful int, failed int, errored int)
     order by c.message_id, c.lane, p."deviceType"
     on conflict (message_id, lane, device_type) do update set
       successful = m.successful + excluded.successful, failed = m.failed + excluded.failed,
       errored = m.errored + excluded.errored
   ),
   later as (
     insert into delivery_retries (lane, message_id, subscription_id, attempts, due_at, reason)
     select c.lane, c.message_id, r.s, r.n, r.due_at, r.x
     from jsonb_to_recordset($3) as r (p int, s uuid, n smallint, due_at timestamptz, x text)
     join closed c on c.n = r.p
     on conflict (message_id, lane, subscription_id)
       do update set attempts = excluded.attempts, due_at = excluded.due_at, reason = excluded.reason
   ),
   settled as (
     delete from delivery_retries r using delivery d join closed c on c.n = d.p
     where c.tried and r.message_id = c.message_id and r.lane = c.lane and r.subscription_id = d.s
       and r.message_id = any (array(select message_id from page where tried))
   ),
   news as (
     select lane, app_id, 'deliveries' as kind, size, message_id, page, first_id, last_id, null::jsonb as events, at
     from closed where size > 0
   ),
   ${APPEND_NEWS},
   ${noteChangesByMessages('select c.lane, c.app_id, d.u as user_id, c.at from delivery d join closed c on c.n = d.p', 'closed', 'r.at')}
   select n, state from closed`,
);

/** A page whose hand-over is over. */
export interface FinishedPage extends ChunkKey {
  readonly epoch: number;
  /** Where the chunk stands after it; null leaves it where it is (retries, recovered pages). */
  readonly cursor: string | null;
  /** Nothing new is left in the chunk: it is done, or waits for its retries. */
  readonly exhausted: boolean;
  /** Some of its ids were tried before: they wait in `delivery_retries` and leave it now. */
  readonly tried: ReadonlyMap<string, number>;
  readonly deliveries: readonly Delivery[];
  readonly retries: readonly Retry[];
  /** Milliseconds since the epoch, on the injected clock. */
  readonly at: number;
}

/** `lost`: another sender has the chunk by now, and nothing of the page was written. */
export type ClosedPage = 'lost' | 'open' | 'ready' | 'done';

/** The state of each page's chunk after it, in their order. */
export async function closePages(database: Queryable, pages: readonly FinishedPage[]): Promise<ClosedPage[]> {
  const deliveries: object[] = [];
  const retries: object[] = [];
  for (const [p, page] of pages.entries()) {
    for (const {
      subscriptionId: s,
      userId: u,
      deviceType: v,
      attempts: n,
      state: t,
      reason: x,
      ref: r,
    } of page.deliveries) {
      deliveries.push({ p, s, u, v: v ?? undefined, n, t, x, r });
    }
    for (const { subscriptionId: s, attempts: n, dueAt, reason: x } of page.retries) {
      retries.push({ p, s, n, due_at: new Date(dueAt), x });
    }
  }
  const closed = await database.rows<{ n: number; state: 'open' | 'ready' | 'done' }>(close, [
    asJson(pages.map((page, n) => ({ n, ...pageRow(page) }))),
    asJson(deliveries),
    asJson(retries),
  ]);
  const states = new Map(closed.map(({ n, state }) => [n, state]));
  return pages.map((_, n) => states.get(n) ?? 'lost');
}

function pageRow({
  messageId,
  lane,
  epoch,
  cursor,
  exhausted,
  tried,
  deliveries,
  retries,
  at,
}: FinishedPage): object {
  let first: string | null = null;
  let last: string | null = null;
  let copies = 0;
  let heldOut = 0;
  for (const { subscriptionId, copies: taken = 0, heldOut: isHeldOut = false } of deliveries) {
    copies += taken;
    if (isHeldOut) heldOut += 1;
    if (first === null || subscriptionId < first) first = subscriptionId;
    if (last === null || subscriptionId > last) last = subscriptionId;
  }
  const firstTries = retries.filter((retry) => !tried.has(retry.subscriptionId)).length;
  const settled = deliveries.filter((delivery) => tried.has(delivery.subscriptionId)).length;
  return {
    message_id: messageId,
    lane,
    epoch,
    cursor,
    exhausted,
    tried: tried.size > 0,
    retrying: firstTries - settled,
    retry_at: retries.length === 0 ? null : new Date(Math.min(...retries.map((retry) => retry.dueAt))),
    at: new Date(at),
    ...countStates(deliveries),
    copies,
    held_out: heldOut,
    platforms: countPlatforms(deliveries),
    size: deliveries.length,
    first_id: first,
    last_id: last,
  };
}
