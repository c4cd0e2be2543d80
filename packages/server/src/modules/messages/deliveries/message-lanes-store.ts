import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { DeliveryCounts } from '../delivery.ts';
import type { LaneOfMessage } from './choose-lanes.ts';

const lanes = statement(
  'deliveries.lanes-of-message',
  `select lane, state = 'done' as "isDone", retrying, coalesce(cardinality(doubt_ids), 0) as "inDoubt",
     cardinality(targets) as targets, sent, failed, unsubscribed, suppressed, capped, expired, cancelled, unknown
   from message_chunks where message_id = $2 and app_id = $1 and lane >= $3 order by lane`,
);

type Row = Omit<LaneOfMessage, 'ended'> & DeliveryCounts;

/** The lanes of a message from `first` on: counts alone, no row of the ledger is read. */
export async function findLanesOfMessage(
  database: Queryable,
  appId: string,
  messageId: string,
  first: number,
): Promise<LaneOfMessage[]> {
  const rows = await database.rows<Row>(lanes, [appId, messageId, first]);
  return rows.map(({ lane, isDone, retrying, inDoubt, targets, ...ended }) => ({
    lane,
    isDone,
    retrying,
    inDoubt,
    targets,
    ended,
  }));
}
