import type { Verdict } from '../scenario.ts';
import type { Arrival } from './arrival.ts';

export interface Evidence {
  /** Names of the webhook streams. */
  readonly webhooks: readonly string[];
  readonly arrivals: readonly Arrival[];
  /** Ids of the feed's events. */
  readonly feed: readonly string[];
  /** Ids in the table, each as often as it is there. */
  readonly table: readonly string[];
  /** Events that the API has accepted. */
  readonly accepted: number;
  readonly kills: number;
  /** Requests in vain while the endpoint was down for a day. */
  readonly triesWhileDown: number;
  readonly givenUp: number;
}

/** So many of a stream in a day: five until it is clear that nobody is there, and three after each of seven rests. */
const TRIES_A_DAY = 26;

/** Pure: holds what came against what the feed says. */
export function judge(evidence: Evidence): Verdict {
  const { webhooks, arrivals, feed, table, accepted, kills, triesWhileDown, givenUp } = evidence;
  const known = new Set(feed);
  const told = webhooks.flatMap((stream) => [0, 1].map((phase) => ofStream(arrivals, stream, phase)));
  const lost = told.reduce((sum, { first }) => sum + missing(known, first), 0);
  const tableIds = new Set(table);
  const strangers = arrivals.filter(({ eventId, isSigned }) => !isSigned || !known.has(eventId)).length;
  const outOfOrder = told.reduce((sum, stream) => sum + stream.outOfOrder, 0);
  const figures = {
    kills,
    events: feed.length,
    lost: lost + missing(known, tableIds) + Math.abs(accepted - feed.length),
    duplicated: table.length - tableIds.size + (feed.length - known.size),
    unaccounted: strangers + outOfOrder + [...tableIds].filter((id) => !known.has(id)).length,
    out_of_order: outOfOrder,
    arrivals: arrivals.length,
    repeated: told.reduce((sum, { count, first }) => sum + count - first.size, 0),
    tries_while_down: triesWhileDown,
    given_up: givenUp,
  };
  const broken = [
    figures.lost > 0 && `${figures.lost} events did not come everywhere, or are not in the feed`,
    figures.duplicated > 0 && `${figures.duplicated} events are in the table or the feed twice`,
    strangers > 0 && `${strangers} events came that are not signed or not in the feed`,
    outOfOrder > 0 && `${outOfOrder} events came before an earlier one of the same user`,
    triesWhileDown > TRIES_A_DAY * webhooks.length &&
      `an endpoint that was down for a day cost ${triesWhileDown} requests`,
    givenUp > 0 && `${givenUp} events were given up`,
  ].filter((sentence) => sentence !== false);
  return { figures, broken };
}

/** What came to one stream: which events, how often together, and how many of them before an earlier one of their user. */
function ofStream(arrivals: readonly Arrival[], stream: string, phase: number) {
  const first = new Set<string>();
  const last = new Map<string, number>();
  let [count, outOfOrder] = [0, 0];
  for (const { eventId, user, n, ...arrival } of arrivals) {
    if (arrival.stream !== stream || arrival.phase !== phase) continue;
    count += 1;
    if (first.size === first.add(eventId).size) continue;
    if (n !== (last.get(user) ?? -1) + 1) outOfOrder += 1;
    last.set(user, n);
  }
  return { first, count, outOfOrder };
}

function missing(known: ReadonlySet<string>, found: ReadonlySet<string>): number {
  return [...known].filter((id) => !found.has(id)).length;
}
