import { asJson, statement } from '../../../platform/database/database.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { idBetween } from '../../../platform/ids.ts';
import type { LedgerHit } from './ledger-walk-store.ts';

/** Holds the chunks, and says which of the pairs can be renamed, behind which other target. */
const hold = statement(
  'chunks.hold-for-erasing',
  `with asked as materialized (
     select * from jsonb_to_recordset($2) as a (n int, m uuid, s uuid)),
   held as materialized (
     select message_id, state, targets from message_chunks
     where lane = $1 and message_id in (select m from asked) order by message_id for update)
   select a.n, coalesce(h.state, 'done') as state,
     (select t.id from unnest(h.targets) t (id) where t.id < a.s order by t.id desc limit 1) as before
   from asked a left join held h on h.message_id = a.m`,
);

const RENAMES = `jsonb_to_recordset($2) as x (m uuid, s uuid, "to" uuid)`;

const deliveries = statement(
  'ledger.rename',
  `update deliveries d set subscription_id = x."to", ref = null,
     user_id = case when d.user_id = any($3) then null else d.user_id end,
     reason = case when d.reason is not null then 'erased' end
   from ${RENAMES} where d.lane = $1 and d.message_id = x.m and d.subscription_id = x.s`,
);

const events = statement(
  'delivery-events.rename',
  `update delivery_events e set subscription_id = x."to", data = null
   from ${RENAMES} where e.lane = $1 and e.message_id = x.m and e.subscription_id = x.s`,
);

const retries = statement(
  'retries.rename',
  `update delivery_retries r set subscription_id = x."to", reason = 'erased'
   from ${RENAMES} where r.lane = $1 and r.message_id = x.m and r.subscription_id = x.s`,
);

// One pair of each message: an UPDATE takes only one row that a target joins.
const chunks = statement(
  'chunks.rename',
  `update message_chunks c set targets = array_replace(c.targets, x.s, x."to"),
     doubt_ids = array_replace(c.doubt_ids, x.s, x."to"),
     cursor = case when c.cursor = x.s then x."to" else c.cursor end
   from ${RENAMES} where c.lane = $1 and c.message_id = x.m`,
);

interface Rename {
  readonly m: string;
  readonly s: string;
  readonly to: string;
}

/**
 * Puts ids that name nobody in the place of subscriptions, in the ledger and wherever else it is counted by
 * them, and takes out all else about the person. Counts, states and the order of rows stay, so readers of
 * the feed that stand in the middle of a page miss nothing. A chunk that is being sent is left alone: its
 * sender would write the old ids again.
 *
 * Returns how many rows were renamed for each hit, in their order; null for those to come back for.
 */
export async function renameDeliveries(
  database: Database,
  lane: number,
  hits: readonly LedgerHit[],
  users: readonly string[],
): Promise<readonly boolean[]> {
  return database.transaction(async (transaction) => {
    const asked = hits.map(({ messageId: m, subscriptionId: s }, n) => ({ n, m, s }));
    const held = await transaction.rows<{ n: number; state: string; before: string | null }>(hold, [
      lane,
      asJson(asked),
    ]);
    const renamed = hits.map(() => false);
    const renames = held.flatMap(({ n, state, before }): Rename[] => {
      const hit = hits[n];
      if (hit === undefined || state === 'open') return [];
      renamed[n] = true;
      const low =
        [before, hit.before]
          .filter((id) => id !== null)
          .toSorted()
          .at(-1) ?? null;
      return [{ m: hit.messageId, s: hit.subscriptionId, to: idBetween(low, hit.subscriptionId) }];
    });
    if (renames.length > 0) await write(transaction, lane, renames, users);
    return renamed;
  });
}

async function write(
  transaction: Queryable,
  lane: number,
  renames: readonly Rename[],
  users: readonly string[],
): Promise<void> {
  await transaction.run(deliveries, [lane, asJson(renames), users]);
  await transaction.run(events, [lane, asJson(renames)]);
  await transaction.run(retries, [lane, asJson(renames)]);
  for (const round of roundsOf(renames)) await transaction.run(chunks, [lane, asJson(round)]);
}

/** The first pair of each message, then the second of each. */
function roundsOf(renames: readonly Rename[]): Rename[][] {
  const rounds: Rename[][] = [];
  const turns = new Map<string, number>();
  for (const rename of renames) {
    const turn = turns.get(rename.m) ?? 0;
    turns.set(rename.m, turn + 1);
    (rounds[turn] ??= []).push(rename);
  }
  return rounds;
}
