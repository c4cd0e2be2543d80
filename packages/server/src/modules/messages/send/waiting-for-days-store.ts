import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Transport } from '../../channels/index.ts';
import { WARM_UP } from './fate.ts';

/** Chunks are locked before their retries, in order: so does whoever closes a page. */
const free = statement(
  'retries.free-waiting-for-days',
  `with waiting as materialized (
     select c.message_id, c.lane from message_chunks c
     where c.app_id = $1 and c.channel = $2 and c.state <> 'done' and exists (
       select from delivery_retries r
       where r.message_id = c.message_id and r.lane = c.lane and r.due_at > $3 and starts_with(r.reason, $4))
     order by c.message_id, c.lane for update
   ),
   freed as (
     update delivery_retries r set due_at = $3 from waiting w
     where r.message_id = w.message_id and r.lane = w.lane and r.due_at > $3 and starts_with(r.reason, $4)
   )
   update message_chunks c set due_at = least(c.due_at, $3) from waiting w
   where c.message_id = w.message_id and c.lane = w.lane and c.state = 'ready'`,
);

/** Whoever waits in an app's messages for the next day of a warm-up plan is due at `now`, and asks what holds then. */
export async function freeWaitingForDays(
  database: Queryable,
  { appId, transport }: { readonly appId: string; readonly transport: Transport },
  now: number,
): Promise<void> {
  const channel = transport === 'email' || transport === 'sms' ? transport : 'push';
  await database.run(free, [appId, channel, new Date(now), WARM_UP]);
}
