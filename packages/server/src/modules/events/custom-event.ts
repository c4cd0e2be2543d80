import type { CustomEventInput, CustomEventProperties } from '@carillon/wire';
import { isUuid, newId } from '../../platform/ids.ts';

/** Longest name, in characters. */
const NAME_LENGTH = 128;
/** Most bytes of one event, as JSON. Documented as 2,024. */
const EVENT_BYTES = 2_024;

const ISO_8601 = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/i;

/** Whom an event is about, in the caller's words. */
export interface EventSubject {
  readonly label: 'external_id' | 'onesignal_id';
  readonly value: string;
}

export interface CustomEvent {
  /** The idempotency key if the caller gave one. */
  readonly id: string;
  readonly key: string | null;
  readonly subject: EventSubject;
  readonly name: string;
  readonly properties: CustomEventProperties;
  /** Milliseconds since the epoch; never in the future. */
  readonly at: number;
}

/** Why one event is not taken. */
export interface EventFault {
  readonly id: string;
  readonly subject: string | null;
  readonly code: 'invalid' | 'too large' | 'not found';
  readonly title: string;
}

export type ParsedEvent =
  | { readonly ok: true; readonly event: CustomEvent }
  | { readonly ok: false; readonly fault: EventFault };

/** Reads one event of a request. `now` is for events without a time of their own, or from the future. */
export function parseCustomEvent(input: CustomEventInput, now: number): ParsedEvent {
  const key = isPresent(input.idempotency_key) ? input.idempotency_key : null;
  const subject = subjectOf(input);
  const id = typeof key === 'string' && isUuid(key) ? key.toLowerCase() : newId();
  const refuse = (title: string, code: EventFault['code'] = 'invalid'): ParsedEvent => ({
    ok: false,
    fault: { id, subject: subject?.value ?? null, code, title },
  });

  if (typeof input.name !== 'string' || input.name === '') return refuse('name is required');
  if (input.name.length > NAME_LENGTH) return refuse(`name must be at most ${NAME_LENGTH} characters long`);
  if (subject === null) return refuse('external_id or onesignal_id is required');
  if (subject.label === 'onesignal_id' && !isUuid(subject.value))
    return refuse('onesignal_id must be a valid UUID');
  if (key !== null && (typeof key !== 'string' || !isUuid(key)))
    return refuse('idempotency_key must be a valid UUID');
  const at = timeOf(input.timestamp, now);
  if (at === null) return refuse('timestamp must be an ISO 8601 time such as 2026-01-31T09:00:00Z');
  const properties = propertiesOf(input);
  if (properties === null) return refuse('properties must be an object');
  if (Buffer.byteLength(JSON.stringify(input)) > EVENT_BYTES) {
    return refuse(`an event must be at most ${EVENT_BYTES} bytes of JSON`, 'too large');
  }
  const event = { id, key: key === null ? null : id, subject, name: input.name, properties, at };
  return { ok: true, event };
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function subjectOf({ external_id: external, onesignal_id: ours }: CustomEventInput): EventSubject | null {
  if (typeof external === 'string' && external !== '') return { label: 'external_id', value: external };
  if (typeof external === 'number') return { label: 'external_id', value: String(external) };
  if (typeof ours === 'string' && ours !== '') return { label: 'onesignal_id', value: ours.toLowerCase() };
  return null;
}

/** A time without an offset is UTC. */
function timeOf(timestamp: unknown, now: number): number | null {
  if (!isPresent(timestamp)) return now;
  if (typeof timestamp !== 'string' || !ISO_8601.test(timestamp)) return null;
  const zoned = /([zZ]|[+-]\d\d(:?\d\d)?)$/.test(timestamp.slice(10)) || timestamp.length === 10;
  const at = Date.parse(zoned ? timestamp : `${timestamp}Z`);
  return Number.isNaN(at) ? null : Math.min(Math.floor(at), now);
}

/** `properties` is the documented name, `payload` what the server SDKs send; together, `properties` wins. */
function propertiesOf({ properties, payload }: CustomEventInput): CustomEventProperties | null {
  const parts = [payload, properties].filter(isPresent);
  if (!parts.every((part) => typeof part === 'object' && !Array.isArray(part))) return null;
  return Object.assign({}, ...parts) as CustomEventProperties;
}
