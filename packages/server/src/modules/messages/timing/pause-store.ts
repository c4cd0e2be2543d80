import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const pause = statement(
  'messages.pause',
  `with paused as (
     update messages m set paused_at = $3
     where m.id = $2 and m.app_id = $1 and m.paused_at is null and m.cancelled_at is null
       and exists (select from message_chunks c where c.message_id = m.id and c.state <> 'done')
     returning m.id
   ),
   chunk as (
     update message_chunks c set paused = true from paused m where c.message_id = m.id and c.state <> 'done'
   )
   select m.cancelled_at is not null as cancelled, m.paused_at is not null as before,
     exists (select from paused) as changed
   from messages m where m.id = $2 and m.app_id = $1`,
);

/** Whoever still has a chunk from before the pause finds it claimed anew: it opens no page any more. */
const resume = statement(
  'messages.resume',
  `with resumed as (
     update messages m set paused_at = null
     where m.id = $2 and m.app_id = $1 and m.paused_at is not null returning m.id
   ),
   chunk as (
     update message_chunks c set paused = false,
       state = case when c.doubt_ids is null then 'ready' else c.state end,
       epoch = case when c.doubt_ids is null then c.epoch + 1 else c.epoch end,
       lease_until = case when c.doubt_ids is null then '-infinity' else c.lease_until end
     from resumed m where c.message_id = m.id and c.state <> 'done'
   )
   select m.cancelled_at is not null as cancelled, m.paused_at is not null as before,
     exists (select from resumed) as changed
   from messages m where m.id = $2 and m.app_id = $1`,
);

export type Stopped =
  | 'changed'
  /** It was so before. */
  | 'same'
  /** Everything has been handed over, or it was cancelled. */
  | 'over'
  | 'not-found';

interface Row {
  readonly cancelled: boolean;
  readonly before: boolean;
  readonly changed: boolean;
}

/** Stops a message between two pages, until it is resumed or cancelled. */
export async function pauseMessage(
  database: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<Stopped> {
  const [row] = await database.rows<Row>(pause, [appId, id, new Date(now)]);
  return stoppedBy(row, row?.before === true);
}

export async function resumeMessage(database: Queryable, appId: string, id: string): Promise<Stopped> {
  const [row] = await database.rows<Row>(resume, [appId, id]);
  return stoppedBy(row, row?.before === false);
}

function stoppedBy(row: Row | undefined, wasSo: boolean): Stopped {
  if (row === undefined) return 'not-found';
  if (row.changed) return 'changed';
  if (row.cancelled) return 'over';
  return wasSo ? 'same' : 'over';
}
