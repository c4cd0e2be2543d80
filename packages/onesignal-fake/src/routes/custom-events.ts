import { listOf, objectOf, textOf } from '../call.ts';
import type { Call } from '../call.ts';
import { ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';

const MOST_BYTES = 1_000_000;
const MOST_EVENT_BYTES = 2024;
const LONGEST_NAME = 128;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * `POST /apps/{app_id}/custom_events`: a batch that breaks a limit is refused as a whole; an event of
 * an unknown user is an entry of the 202 answer, and all others are taken.
 */
export function createCustomEvents(call: Call): Reply {
  const events = listOf(call.body['events']);
  const broken = breaks(call, events);
  if (broken) return ok(400, {});
  const errors = events.flatMap((event) => take(call, event) ?? []);
  return ok(202, errors.length === 0 ? {} : { errors });
}

/** True where the whole batch is refused; the violation says why. */
function breaks(call: Call, events: readonly Json[]): boolean {
  if (call.bytes > MOST_BYTES) {
    call.violated('batch-size', `a batch of ${call.bytes} bytes`);
    return true;
  }
  for (const event of events) {
    const name = textOf(event['name']) ?? '';
    const bytes = Buffer.byteLength(JSON.stringify(event));
    const key = event['idempotency_key'];
    if (name === '' || name.length > LONGEST_NAME)
      call.violated('event-name', `a name of ${name.length} characters`);
    else if (bytes > MOST_EVENT_BYTES) call.violated('event-size', `an event of ${bytes} bytes`);
    else if (key !== undefined && !UUID.test(textOf(key) ?? ''))
      call.violated('idempotency-key', 'is no UUID');
    else if (event['external_id'] === undefined && event['onesignal_id'] === undefined)
      call.violated('body', 'an event without external_id and onesignal_id');
    else continue;
    return true;
  }
  return events.length === 0;
}

/** The complaint about one event; null when it was taken, now or before. */
function take(call: Call, event: Json): Json | null {
  const { app, now } = call;
  const externalId = textOf(event['external_id']);
  const userId = externalId ?? textOf(event['onesignal_id']) ?? '';
  const user = app.people.find(externalId === undefined ? 'onesignal_id' : 'external_id', userId);
  const key = textOf(event['idempotency_key']) ?? null;
  if (user === undefined) {
    const title = `failed to find a onesignal_id for user_id ${userId}`;
    return { event_user_id: userId, event_id: key, error: { code: 'not found', title } };
  }
  if (key !== null && app.eventKeys.get(key, now) === true) return null;
  if (key !== null) app.eventKeys.set(key, true, now);
  const at = Date.parse(textOf(event['timestamp']) ?? '');
  app.events.push({
    name: textOf(event['name']) ?? '',
    onesignalId: user.onesignalId,
    externalId: user.aliases.get('external_id') ?? null,
    key,
    timestamp: new Date(Number.isNaN(at) || at > now ? now : at).toISOString(),
    // The documents say properties, every SDK sends payload.
    properties: objectOf(event['properties'] ?? event['payload']),
  });
  return null;
}
