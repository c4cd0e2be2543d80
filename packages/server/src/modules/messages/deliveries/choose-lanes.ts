import type { DeliveryState } from '@carillon/wire';
import { DELIVERY_STATES } from '../delivery.ts';
import type { DeliveryCounts } from '../delivery.ts';

/** How much of a message there is to tell in one lane. */
export interface LaneOfMessage {
  readonly lane: number;
  /** Deliveries that have ended. */
  readonly ended: DeliveryCounts;
  readonly retrying: number;
  /** Being handed over; among them are retries whose turn has come. */
  readonly inDoubt: number;
  readonly isDone: boolean;
  /** How many it is for; null for everyone reachable, who are not counted. */
  readonly targets: number | null;
}

export interface ChosenLanes {
  readonly lanes: readonly number[];
  /** There are others behind them. */
  readonly more: boolean;
}

/**
 * The lanes to look into for the next page, in their order: enough for `look` deliveries, and of those only
 * lanes in which one of `states` can be. `begun` has been looked into in part, so that what is left there is
 * not known.
 */
export function chooseLanes(
  all: readonly LaneOfMessage[],
  {
    begun,
    states,
    look,
  }: {
    readonly begun: number | null;
    readonly states: readonly DeliveryState[] | null;
    readonly look: number;
  },
): ChosenLanes {
  const possible = all.filter((one) => states === null || states.some((state) => canHold(one, state)));
  const lanes: number[] = [];
  let sum = 0;
  for (const one of possible) {
    if (sum >= look) break;
    lanes.push(one.lane);
    if (one.lane !== begun) sum += sizeOf(one, look);
  }
  return { lanes, more: lanes.length < possible.length };
}

function canHold({ ended, retrying, inDoubt, isDone }: LaneOfMessage, state: DeliveryState): boolean {
  switch (state) {
    case 'waiting':
      return !isDone;
    case 'sending':
      return inDoubt > 0;
    case 'retrying':
      return retrying > 0;
    case 'sent':
    case 'failed':
    case 'unsubscribed':
    case 'suppressed':
    case 'capped':
    case 'expired':
    case 'cancelled':
    case 'unknown':
      return ended[state] > 0;
  }
}

function sizeOf({ ended, retrying, isDone, targets }: LaneOfMessage, look: number): number {
  if (!isDone) return targets ?? look;
  return retrying + DELIVERY_STATES.reduce((sum, state) => sum + ended[state], 0);
}
