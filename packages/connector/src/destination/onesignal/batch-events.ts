import type { EventItem } from '../../model/outbox-item.ts';
import { PUBLISHED } from './published.ts';

/** An event as it is sent, with its place among those that were given. */
export interface PlacedEvent {
  readonly index: number;
  readonly item: EventItem;
  readonly body: Readonly<Record<string, unknown>> & { readonly name: string; readonly external_id: string };
}

export interface EventBatches {
  readonly batches: readonly (readonly PlacedEvent[])[];
  /** Place to the rule that the event breaks. */
  readonly refused: ReadonlyMap<number, string>;
}

/** The brackets around a batch. */
const ENVELOPE_BYTES = 64;

/** Pure: events in requests that hold no more than may be, in their order; those that are too large apart. */
export function batchEvents(events: readonly EventItem[], dataName: 'properties' | 'payload'): EventBatches {
  const refused = new Map<number, string>();
  const batches: PlacedEvent[][] = [];
  let room = 0;
  for (const [index, item] of events.entries()) {
    const body = {
      name: item.name,
      external_id: item.externalId,
      timestamp: item.at,
      idempotency_key: item.id,
      [dataName]: item.properties,
    };
    const bytes = Buffer.byteLength(JSON.stringify(body));
    const rule = ruleBroken(item.name, bytes);
    if (rule !== null) {
      refused.set(index, rule);
      continue;
    }
    if (bytes + 1 > room) {
      batches.push([]);
      room = PUBLISHED.batchBytes - ENVELOPE_BYTES;
    }
    batches.at(-1)?.push({ index, item, body });
    room -= bytes + 1;
  }
  return { batches, refused };
}

function ruleBroken(name: string, bytes: number): string | null {
  const { eventBytes, eventNameCharacters } = PUBLISHED;
  if (name.length > eventNameCharacters)
    return `its name has ${name.length} characters, and OneSignal takes ${eventNameCharacters}`;
  return bytes > eventBytes
    ? `it has ${bytes} bytes as JSON, and OneSignal takes ${eventBytes}: send less in data`
    : null;
}
