import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const lanes = statement(
  'exports.lanes-of-message',
  `select lane from message_chunks where message_id = $2 and app_id = $1 order by lane`,
);

const rows = statement(
  'exports.ended-deliveries',
  `select d.subscription_id as "subscriptionId", d.user_id as "userId", u.external_id as "externalId",
     d.state, d.reason, d.at, e.delivered, e.unsubscribed, e."clickedAt", e."bouncedBecause"
   from (
     select * from deliveries d
     where d.lane = $2 and d.message_id = $3 and d.subscription_id > $4
     order by d.subscription_id limit $5) d
   left join lateral (
     select u.external_id from users u
     where u.lane = lane_of(d.user_id) and u.id = d.user_id and u.app_id = $1 limit 1) u on true
   cross join lateral (
     select coalesce(bool_or(e.kind = 'delivered'), false) as delivered,
       coalesce(bool_or(e.kind = 'unsubscribed'), false) as unsubscribed,
       min(e.at) filter (where e.kind = 'clicked') as "clickedAt",
       min(coalesce(e.data ->> 'reason', 'bounced')) filter (where e.kind = 'bounced') as "bouncedBecause"
     from delivery_events e
     where e.lane = $2 and e.message_id = $3 and e.subscription_id = d.subscription_id) e
   order by d.subscription_id`,
);

/** A delivery that has ended, and what is known of it in the end. */
export interface EndedDelivery {
  readonly subscriptionId: string;
  readonly userId: string | null;
  readonly externalId: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly at: Date;
  readonly delivered: boolean;
  readonly unsubscribed: boolean;
  /** The first click. */
  readonly clickedAt: Date | null;
  readonly bouncedBecause: string | null;
}

const ROWS_A_STATEMENT = 5_000;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

/** Every delivery of a message that has ended, lane by lane: a few thousand are in memory at a time. */
export async function* readEndedDeliveries(
  database: Queryable,
  appId: string,
  messageId: string,
): AsyncGenerator<readonly EndedDelivery[]> {
  for (const { lane } of await database.rows<{ lane: number }>(lanes, [appId, messageId])) {
    for (let after = LOWEST_ID; ;) {
      const values = [appId, lane, messageId, after, ROWS_A_STATEMENT];
      const found = await database.rows<EndedDelivery>(rows, values);
      yield found;
      const last = found.at(-1);
      if (last === undefined || found.length < ROWS_A_STATEMENT) break;
      after = last.subscriptionId;
    }
  }
}
