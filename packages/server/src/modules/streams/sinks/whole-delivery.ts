import { makeStorable } from '../../../platform/http/storable-text.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { Delivery, StreamEvent } from '../destination.ts';
import type { Breaker } from '../../../platform/breaker.ts';
import { aboutOf } from '../webhook/about.ts';

/** What came of a round that is taken as a whole. */
export type WholeOutcome =
  | { readonly state: 'taken'; readonly answer: string }
  | { readonly state: 'failed'; readonly reason: string };

/** Writes a round with `write`, which never rejects because of the other side, and tells of it as one attempt. */
export async function deliverWhole(
  events: readonly StreamEvent[],
  breaker: Breaker,
  now: number,
  write: () => Promise<WholeOutcome>,
): Promise<Delivery> {
  if (!breaker.mayGoOn) return { outcomes: events.map(() => ({ state: 'untried' })), attempts: [] };
  const from = performance.now();
  const came = await write();
  const reason = came.state === 'failed' ? makeStorable(came.reason).slice(0, 1_024) : null;
  if (came.state === 'taken') breaker.noteTaken();
  else breaker.noteFailure({ afterMs: null, isWhole: true });
  const attempt = {
    id: newTimedId(now),
    at: now,
    outcome: came.state,
    status: null,
    milliseconds: Math.round(performance.now() - from),
    events: events.length,
    about: aboutOf(events.map(({ event }) => event)),
    reason,
    request: null,
    answer: came.state === 'taken' ? came.answer : null,
  };
  const outcome =
    reason === null ? ({ state: 'taken' } as const) : ({ state: 'failed', reason, afterMs: null } as const);
  return { outcomes: events.map(() => outcome), attempts: [attempt] };
}
