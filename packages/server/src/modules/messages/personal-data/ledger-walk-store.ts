import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { ROWS_A_STEP, walk } from '../../../platform/database/walk.ts';
import type { WalkStep } from '../../../platform/database/walk.ts';
import type { PeopleInLane } from '../../identity/index.ts';

/** A row of the ledger, or one that is still to come, that is about somebody. */
export interface LedgerKey {
  readonly messageId: string;
  readonly subscriptionId: string;
}

export interface LedgerHit extends LedgerKey {
  readonly userId: string | null;
  /** The subscription before it among the message's: an id that takes its place stays behind this one. */
  readonly before: string | null;
}

const NIL = `'00000000-0000-0000-0000-000000000000'`;

// Subscriptions stand in the key, behind the message: the walk reads the index of the lane, and the rows
// for their users.
const ledger = statement(
  'ledger.walk',
  `with looked as materialized (
     select message_id, subscription_id, user_id from deliveries
     where lane = $1 and message_id >= coalesce($2::uuid, ${NIL})
       and (message_id, subscription_id) > (coalesce($2::uuid, ${NIL}), coalesce($3::uuid, ${NIL}))
     order by message_id, subscription_id limit $4)
   select (select jsonb_build_array(message_id, subscription_id) from looked offset $4 - 1 limit 1) as last, (
     select jsonb_agg(jsonb_build_object('messageId', l.message_id, 'subscriptionId', l.subscription_id,
       'userId', l.user_id, 'before', (
         select d.subscription_id from deliveries d
         where d.lane = $1 and d.message_id = l.message_id and d.subscription_id < l.subscription_id
         order by d.subscription_id desc limit 1)) order by l.message_id, l.subscription_id)
     from looked l where l.user_id = any($5) or l.subscription_id = any($6)) as hits`,
);

// All of those that are due together: there is nothing behind the time to go on from.
const unfinished = statement(
  'chunks.walk-unfinished',
  `with looked as materialized (
     select message_id, lane, due_at from message_chunks
     where state <> 'done' and priority = $2 and due_at > coalesce($3::timestamptz, '-infinity')
     order by due_at fetch first $4 rows with ties)
   select (select jsonb_build_array(max(due_at)) from looked having count(*) >= $4) as last, (
     select jsonb_agg(jsonb_build_object('messageId', c.message_id, 'subscriptionId', t.id, 'userId', null,
       'before', (select b.id from unnest(c.targets) b (id) where b.id < t.id order by b.id desc limit 1)))
     from looked l
     join message_chunks c on c.message_id = l.message_id and c.lane = l.lane
     cross join unnest(c.targets) t (id)
     where l.lane = $1 and c.targets && $5::uuid[] and t.id = any($5)) as hits`,
);

const retrying = statement(
  'retries.walk',
  `with looked as materialized (
     select message_id, lane, subscription_id from delivery_retries
     where (message_id, lane, subscription_id) > (coalesce($2::uuid, ${NIL}), coalesce($3::int, 0), coalesce($4::uuid, ${NIL}))
     order by message_id, lane, subscription_id limit $5)
   select (select jsonb_build_array(message_id, lane, subscription_id) from looked offset $5 - 1 limit 1) as last, (
     select jsonb_agg(jsonb_build_object('messageId', message_id, 'subscriptionId', subscription_id,
       'userId', null, 'before', null))
     from looked where lane = $1 and subscription_id = any($6)) as hits`,
);

interface Step extends WalkStep {
  readonly hits: readonly LedgerHit[] | null;
}

/** Rows of the ledger that name one of these users or subscriptions, a step's at a time. */
export async function* walkLedger(
  database: Queryable,
  { lane, users, subscriptions }: PeopleInLane,
  rows = ROWS_A_STEP,
): AsyncGenerator<readonly LedgerHit[]> {
  const steps = walk(async (after) => {
    const values = [lane, ...(after ?? [null, null]), rows, users, subscriptions];
    return (await database.rows<Step>(ledger, values))[0];
  });
  for await (const { hits } of steps) if (hits !== null) yield hits;
}

/** The same of what is not in the ledger yet: targets whose turn has not come, and what is tried again. */
export async function* walkWaiting(
  database: Queryable,
  { lane, subscriptions }: PeopleInLane,
): AsyncGenerator<readonly LedgerHit[]> {
  if (subscriptions.length === 0) return;
  for (const priority of [0, 1]) {
    const steps = walk(async (after) => {
      const values = [lane, priority, after?.[0] ?? null, ROWS_A_STEP, subscriptions];
      return (await database.rows<Step>(unfinished, values))[0];
    });
    for await (const { hits } of steps) if (hits !== null) yield hits;
  }
  const steps = walk(async (after) => {
    const values = [lane, ...(after ?? [null, null, null]), ROWS_A_STEP, subscriptions];
    return (await database.rows<Step>(retrying, values))[0];
  });
  for await (const { hits } of steps) if (hits !== null) yield hits;
}
