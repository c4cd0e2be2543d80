import type { Verdict } from '../scenario.ts';
import type { Trouble } from '../streams/fleet.ts';
import type { Arrival } from './arrival.ts';
import type { Books } from './audit-store.ts';

export interface Evidence {
  readonly arrivals: readonly Arrival[];
  readonly books: Books;
  /** Calls of one run. */
  readonly callsARun: number;
  /** Events that the API has acknowledged: each starts a run. */
  readonly accepted: number;
  /** When callers and the receiver were killed or frozen. */
  readonly troubles: readonly Trouble[];
  readonly kills: number;
  /** Runs and events that are not at their end. */
  readonly unfinished: number;
}

/** What a process was told to do may take so long to happen, on a busy machine. */
const SLACK_MS = 1_500;

/**
 * Pure: holds what came against what journeys have asked for. A call may come again as long as its being taken is in doubt:
 * it was not answered so, or somebody was killed or frozen since. Nothing else is a reason.
 */
export function judge(evidence: Evidence): Verdict {
  const { arrivals, books, callsARun, accepted, troubles, kills, unfinished } = evidence;
  const byCall = callsOf(arrivals);
  const took = arrivals.filter(({ isTaken }) => isTaken);
  const steps = new Map(took.map((arrival) => [stepOf(arrival), arrival.callId]));
  const renamed = took.filter((arrival) => steps.get(stepOf(arrival)) !== arrival.callId).length;
  const repeats = [...byCall.values()].flatMap(repeatsOfTaken);
  const inDoubt = repeats.filter((repeat) => isExcused(repeat, troubles)).length;
  const writtenAgain = [...books.taken.values()].filter((times) => times > 1).length;
  const unsigned = arrivals.filter(({ isSigned }) => !isSigned).length;
  const strangers = [...byCall.keys()].filter((id) => !books.taken.has(id)).length;
  const expected = books.events * callsARun;
  const figures = {
    kills,
    events: books.events,
    calls: expected,
    lost: expected - steps.size + Math.abs(accepted - books.events),
    duplicated: renamed + repeats.length - inDoubt + writtenAgain,
    unaccounted: unsigned + strangers + books.left + unfinished + Math.abs(books.delivered - expected),
    arrivals: arrivals.length,
    doubled_in_doubt: inDoubt,
    given_up: books.givenUp,
  };
  const broken = [
    accepted !== books.events && `${accepted} events were accepted and ${books.events} are stored`,
    steps.size < expected && `${expected - steps.size} calls were not taken by anybody`,
    renamed > 0 && `${renamed} calls came for a step that had been told under another id`,
    repeats.length > inDoubt &&
      `${repeats.length - inDoubt} calls came again although they had been taken and nobody was killed`,
    writtenAgain > 0 && `${writtenAgain} calls were written down as taken more than once`,
    unsigned > 0 && `${unsigned} calls were not signed as they should be`,
    strangers > 0 && `${strangers} calls came that were never written down as taken`,
    books.left + unfinished > 0 && `${books.left} calls and ${unfinished} runs are left`,
    books.delivered !== expected && `webhooks count ${books.delivered} calls as taken, not ${expected}`,
    books.givenUp > 0 && `${books.givenUp} calls were given up`,
    books.disabled.length > 0 && `webhooks were disabled: ${books.disabled.join('; ')}`,
  ].filter((sentence) => sentence !== false);
  return { figures, broken };
}

/** In the order in which they came. */
function callsOf(arrivals: readonly Arrival[]): Map<string, Arrival[]> {
  const byCall = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const known = byCall.get(arrival.callId);
    if (known === undefined) byCall.set(arrival.callId, [arrival]);
    else known.push(arrival);
  }
  return byCall;
}

function stepOf({ runId, nodeId }: Arrival): string {
  return `${runId} ${nodeId}`;
}

interface Repeat {
  /** When it was answered that the call was taken. */
  readonly takenAt: number;
  readonly againAt: number;
}

/** The arrivals of one call that follow one that was taken. */
function repeatsOfTaken(arrivals: readonly Arrival[]): Repeat[] {
  return arrivals.flatMap(({ at: againAt }, n) => {
    const before = arrivals[n - 1];
    return before !== undefined && before.isTaken ? [{ takenAt: before.at, againAt }] : [];
  });
}

function isExcused({ takenAt, againAt }: Repeat, troubles: readonly Trouble[]): boolean {
  return troubles.some(({ from, to }) => to >= takenAt - SLACK_MS && from <= againAt);
}
