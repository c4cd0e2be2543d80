import type { Delivered } from '../../destination/destination.ts';
import type { BatchCount } from '../report.ts';
import type { Entry } from '../../home/sorted-table.ts';
import { rejectOf } from '../../model/reject.ts';
import { transitionDigest } from '../../model/transition.ts';
import { HELD, heldDigest, NOT_HELD, SENT } from './ledger.ts';
import type { Sending } from './sending.ts';
import type { EventWork, MessageWork } from './work.ts';

/** Why something waits for another one of its user. */
const WAITS = 'waits until what was rejected before it is sent again';

/** Does this wait for something of its user that was rejected? Then it is a reject as well. */
export function isHeld({ session, commits }: Sending, { lane, item }: EventWork | MessageWork): boolean {
  return (
    session.connector.afterReject === 'hold-user' &&
    item.again !== true &&
    commits.get(heldDigest(lane)) === HELD
  );
}

export function settleHeld({ commits }: Sending, { places, item }: EventWork | MessageWork): void {
  commits.settle({ places, rejects: [rejectOf(item.kind, item.id, WAITS, item)] });
}

/** Keeps what became of an event or a message. What was refused is done with as well: it is not sent by itself. */
export function settleTransition(
  { session, commits }: Sending,
  { places, item, lane }: EventWork | MessageWork,
  result: Delivered,
): void {
  const holds = session.connector.afterReject === 'hold-user';
  const sent: Entry = [transitionDigest(item.id), SENT];
  const counted: keyof BatchCount = item.kind === 'event' ? 'events' : 'messages';
  const tried = [{ what: item.kind, key: item.id }];
  switch (result.kind) {
    case 'aborted':
      break;
    case 'rejected': {
      const held: readonly Entry[] = holds ? [[heldDigest(lane), HELD]] : [];
      commits.settle({
        places,
        acked: [sent, ...held],
        rejects: [rejectOf(item.kind, item.id, result.rule, item)],
      });
      break;
    }
    case 'no-recipients':
      commits.settle({ places, acked: [sent], tried, count: { noRecipients: 1 } });
      break;
    case 'done': {
      const freed: readonly Entry[] = holds && item.again === true ? [[heldDigest(lane), NOT_HELD]] : [];
      commits.settle({ places, acked: [sent, ...freed], tried, count: { [counted]: 1 } });
      break;
    }
  }
}
