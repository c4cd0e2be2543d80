import type { Queryable } from '../../../platform/database/database.ts';
import { newTimedId } from '../../../platform/ids.ts';
import type { StreamEvent } from '../destination.ts';
import type { Attempt } from '../event-streams/attempt-store.ts';
import { readEventsAt } from '../read-events.ts';
import type { EventPlace } from '../happening.ts';
import { firstHeld } from './held-store.ts';
import type { HeldEvent, StreamPlace } from './held-store.ts';

/** Held events whose turn it is. */
export interface DueEvents {
  readonly events: readonly StreamEvent[];
  /** How they were held, by their place among the events. */
  readonly byPlace: ReadonlyMap<number, HeldEvent>;
  /** What the feed no longer has. */
  readonly lost: readonly HeldEvent[];
}

export const NOTHING_DUE: DueEvents = { events: [], byPlace: new Map(), lost: [] };

/** The first of each user that is due by `by`, at most `limit`, with what the feed says of them now. */
export async function readDueEvents(
  database: Queryable,
  stream: StreamPlace,
  by: number,
  limit: number,
): Promise<DueEvents> {
  const held = await firstHeld(database, stream, by, limit);
  const places = held.map(({ place }) => place);
  const found = await readEventsAt(database, stream.appId, places);
  const byKey = new Map(found.map((placed) => [keyOf(placed.place), placed]));
  const byPlace = new Map<number, HeldEvent>();
  const events: StreamEvent[] = [];
  const lost: HeldEvent[] = [];
  for (const one of held) {
    const placed = byKey.get(keyOf(one.place));
    if (placed === undefined) lost.push(one);
    else {
      byPlace.set(events.length, one);
      events.push({ ...placed, userKey: one.userKey });
    }
  }
  return { events, byPlace, lost };
}

/** What is told of an event that was never taken, and is no longer kept. */
export function attemptOfLost({ eventId, reason }: HeldEvent, now: number): Attempt {
  return {
    id: newTimedId(now),
    at: now,
    outcome: 'failed',
    status: null,
    milliseconds: 0,
    events: 1,
    about: [eventId],
    reason: `given up: it is no longer kept${reason === null ? '' : `, and was not taken before: ${reason}`}`,
    request: null,
    answer: null,
  };
}

function keyOf({ lane, position, nth }: EventPlace): string {
  return `${lane} ${position} ${nth}`;
}
