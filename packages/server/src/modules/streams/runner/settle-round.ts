import type { Outcome, StreamEvent } from '../destination.ts';
import { nextTryAt } from '../../../platform/retry-schedule.ts';
import type { Breaker } from '../../../platform/breaker.ts';
import type { HeldEvent } from './held-store.ts';

/** A round as it went. */
export interface PlayedRound {
  /** In the order in which they were tried: those that were held, then those of the page. */
  readonly events: readonly StreamEvent[];
  readonly outcomes: readonly Outcome[];
  /** By the place of the event: how it was held before. */
  readonly heldBefore: ReadonlyMap<number, HeldEvent>;
  /** Events of the page that wait behind held ones, and were not tried. */
  readonly behind: readonly StreamEvent[];
  readonly breaker: Breaker;
  /** The stream was resting: this round was to find out whether anything is taken again. */
  readonly isProbe: boolean;
  readonly isWhole: boolean;
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
  /** The cursor goes behind the page. */
  readonly keepsPage: boolean;
  readonly held: readonly HeldEvent[];
  readonly released: readonly HeldEvent[];
  readonly delivered: number;
  readonly givenUp: number;
  readonly pauses: number;
  /** Milliseconds since the epoch; null to go on at once. */
  readonly retryAt: number | null;
  readonly lastFailure: string | null;
  /** Why the stream is disabled; null when it is not. */
  readonly disabled: string | null;
}

/**
 * Pure: what becomes of a stream after a round. While anything is taken, an event that is not is held with those of its
 * user behind it, and given up after the schedule. When nothing is taken the stream rests by the same schedule, nothing
 * is held and no try counts; at its end the stream is disabled, where it stands.
 */
export function settleRound(round: PlayedRound, options: SettleOptions): Settled {
  const { outcomes, breaker, isProbe, isWhole } = round;
  const { schedule, pauses, now, random } = options;
  const lastFailure = lastReason(outcomes);
  const gone = outcomes.find((outcome) => outcome.state === 'gone');
  const isDown = breaker.taken === 0 && lastFailure !== null && (breaker.hasTripped || isProbe || isWhole);
  const rests = isDown || breaker.hasTripped;
  const rest = rests ? nextTryAt(schedule, pauses + 1, { now, afterMs: breaker.afterMs, random }) : null;
  const asked =
    breaker.afterMs === null ? null : nextTryAt([0], 1, { now, afterMs: breaker.afterMs, random });
  const shared = {
    pauses: rests ? pauses + 1 : 0,
    retryAt: rests ? rest : asked,
    lastFailure,
    disabled: disabledBy(gone?.reason ?? null, rests && rest === null, lastFailure),
  };
  if (isDown || gone !== undefined) {
    // The first of the held move behind the others, so that the next try is of another one.
    const held = [...round.heldBefore.values()].map((one) => ({ ...one, dueAt: Math.max(one.dueAt, now) }));
    return { ...shared, keepsPage: false, held, released: [], delivered: 0, givenUp: 0 };
  }
  return { ...shared, keepsPage: true, ...settleEvents(round, options) };
}

function settleEvents(
  { events, outcomes, heldBefore, behind }: PlayedRound,
  { schedule, now, random }: SettleOptions,
): Pick<Settled, 'held' | 'released' | 'delivered' | 'givenUp'> {
  const held: HeldEvent[] = behind.map((event) => hold(event, 0, now, null));
  const released: HeldEvent[] = [];
  let delivered = 0;
  let givenUp = 0;
  for (const [place, event] of events.entries()) {
    const outcome = outcomes[place] ?? { state: 'untried' };
    const before = heldBefore.get(place);
    switch (outcome.state) {
      case 'taken':
        delivered += 1;
        if (before !== undefined) released.push(before);
        break;
      case 'failed': {
        const attempts = (before?.attempts ?? 0) + 1;
        const dueAt = nextTryAt(schedule, attempts, { now, afterMs: outcome.afterMs, random });
        if (dueAt !== null) held.push(hold(event, attempts, dueAt, outcome.reason));
        else {
          givenUp += 1;
          if (before !== undefined) released.push(before);
        }
        break;
      }
      case 'gone':
      case 'untried':
        if (before === undefined) held.push(hold(event, 0, now, null));
    }
  }
  return { held, released, delivered, givenUp };
}

function hold(
  { event, place, userKey }: StreamEvent,
  attempts: number,
  dueAt: number,
  reason: string | null,
): HeldEvent {
  return { userKey, place, eventId: event.id, attempts, dueAt, reason };
}

function lastReason(outcomes: readonly Outcome[]): string | null {
  const failed = outcomes.findLast((outcome) => outcome.state === 'failed' || outcome.state === 'gone');
  return failed?.state === 'failed' || failed?.state === 'gone' ? failed.reason : null;
}

function disabledBy(gone: string | null, isOver: boolean, lastFailure: string | null): string | null {
  if (gone !== null) return gone;
  return isOver ? `nothing was taken for as long as the retry schedule goes: ${lastFailure ?? ''}` : null;
}
