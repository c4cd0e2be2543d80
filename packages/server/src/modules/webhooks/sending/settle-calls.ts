import type { Breaker } from '../../../platform/breaker.ts';
import { nextTryAt } from '../../../platform/retry-schedule.ts';
import type { DueCall, SettledCall } from '../calls/call-store.ts';

/** What became of one call in one round. */
export type CallOutcome =
  | { readonly state: 'taken' }
  /** `afterMs` is how long the other side asked to wait, where it said so. */
  | { readonly state: 'failed'; readonly reason: string; readonly afterMs: number | null }
  /** The other side says that it is gone for good. */
  | { readonly state: 'gone'; readonly reason: string }
  /** There is nobody that it could be about any more. */
  | { readonly state: 'void'; readonly reason: string }
  /** The round was broken off before it. */
  | { readonly state: 'untried' };

export interface PlayedRound {
  readonly calls: readonly DueCall[];
  /** In the order of the calls. */
  readonly outcomes: readonly CallOutcome[];
  readonly breaker: Breaker;
  /** The webhook was resting: this round was to find out whether anything is taken again. */
  readonly isProbe: boolean;
}

export interface SettleOptions {
  readonly schedule: readonly number[];
  /** Rests in a row before this round. */
  readonly pauses: number;
  readonly now: number;
  readonly random: number;
}

/** What follows from a round. */
export interface Settled {
  readonly calls: readonly SettledCall[];
  readonly delivered: number;
  readonly givenUp: number;
  readonly pauses: number;
  /** Milliseconds since the epoch; null to go on at once. */
  readonly retryAt: number | null;
  readonly lastFailure: string | null;
  /** Why the webhook is disabled; null when it is not. */
  readonly disabled: string | null;
}

/**
 * Pure: what becomes of a webhook and its calls after a round. While anything is taken, a call that is not has the schedule
 * for itself, and is given up at its end. When nothing is taken the webhook rests by the same schedule, and no call's tries
 * are used up; at its end the webhook is disabled, and what waits stays.
 */
export function settleCalls(round: PlayedRound, options: SettleOptions): Settled {
  const { outcomes, breaker, isProbe } = round;
  const { schedule, pauses, now, random } = options;
  const lastFailure = lastReason(outcomes);
  const gone = outcomes.find((outcome) => outcome.state === 'gone')?.reason ?? null;
  const isDown = breaker.taken === 0 && lastFailure !== null && (breaker.hasTripped || isProbe);
  const rests = isDown || breaker.hasTripped;
  const { afterMs } = breaker;
  const rest = rests ? nextTryAt(schedule, pauses + 1, { now, afterMs, random }) : null;
  const asked = afterMs === null ? null : nextTryAt([0], 1, { now, afterMs, random });
  return {
    ...settleEach(round, options, isDown || gone !== null),
    pauses: rests ? pauses + 1 : 0,
    retryAt: rests ? rest : asked,
    lastFailure,
    disabled:
      gone ??
      (rests && rest === null
        ? `nothing was taken for as long as the retry schedule goes: ${lastFailure ?? ''}`
        : null),
  };
}

function settleEach(
  { calls, outcomes }: PlayedRound,
  { schedule, now, random }: SettleOptions,
  isSpared: boolean,
): Pick<Settled, 'calls' | 'delivered' | 'givenUp'> {
  const settled: SettledCall[] = [];
  let delivered = 0;
  let givenUp = 0;
  for (const [place, { lane, id, attempts }] of calls.entries()) {
    const outcome = outcomes[place] ?? { state: 'untried' };
    switch (outcome.state) {
      case 'taken':
        delivered += 1;
        settled.push({ lane, id, attempts: attempts + 1, dueAt: null, reason: null });
        break;
      case 'void':
        givenUp += 1;
        settled.push({ lane, id, attempts, dueAt: null, reason: outcome.reason });
        break;
      case 'failed':
      case 'gone': {
        const { reason } = outcome;
        if (isSpared) {
          // Behind the others, so that the next try is of another one.
          settled.push({ lane, id, attempts, dueAt: now, reason });
          break;
        }
        const afterMs = outcome.state === 'failed' ? outcome.afterMs : null;
        const dueAt = nextTryAt(schedule, attempts + 1, { now, afterMs, random });
        if (dueAt === null) givenUp += 1;
        settled.push({ lane, id, attempts: attempts + 1, dueAt, reason });
        break;
      }
      case 'untried':
    }
  }
  return { calls: settled, delivered, givenUp };
}

function lastReason(outcomes: readonly CallOutcome[]): string | null {
  const failed = outcomes.findLast((outcome) => outcome.state === 'failed' || outcome.state === 'gone');
  return failed?.state === 'failed' || failed?.state === 'gone' ? failed.reason : null;
}
