import { setImmediate as breathe, setTimeout as pause } from 'node:timers/promises';
import type { OutboxPosition } from '../home/outbox.ts';
import type { SpoolReader } from '../home/spool.ts';
import { readEvents } from './read-events.ts';
import type { ReceivedEvent } from './read-events.ts';

/** Events that go into the table together, and the place behind their last body. */
export interface EventBatch {
  readonly events: readonly ReceivedEvent[];
  readonly end: OutboxPosition;
}

/** Bodies read at once. */
const BODIES = 200;
const ROWS = 1000;
const LOOK_EVERY_MS = 50;

/**
 * What was received, in its order and by whole bodies, about 1,000 events at a time, until `signal` ends. Lets others
 * work after each body: ask for the next batch before the last one is in the table, and it is made meanwhile.
 */
export async function* readAhead(received: SpoolReader, signal: AbortSignal): AsyncGenerator<EventBatch> {
  let place = received.head;
  let events: ReceivedEvent[] = [];
  while (!signal.aborted) {
    const records = received.after(place, BODIES);
    for (const { record, end } of records) {
      events.push(...readEvents(record));
      place = end;
      if (events.length >= ROWS) {
        yield { events, end };
        events = [];
      } else await breathe();
    }
    if (records.length > 0) continue;
    if (events.length > 0) yield { events, end: place };
    else await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    events = [];
  }
}
