import { randomUUID } from 'node:crypto';
import { findRecipients, targetingOf } from '../app/find-recipients.ts';
import { objectOf, textOf, textsOf } from '../call.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MOST_RECIPIENTS = 20_000;
const NOT_FOUND = 'Notification not found';

/** `POST /notifications`. A message that reaches nobody is answered with 200 and an empty id. */
export function createMessage(call: Call): Reply {
  const { app, body, now } = call;
  const key = textOf(body['idempotency_key']) ?? textOf(body['external_id']) ?? null;
  if (key !== null && !UUID.test(key)) call.violated('idempotency-key', 'is no UUID');
  const before = key === null ? undefined : app.messageKeys.get(key, now);
  if (before !== undefined) return { ...before, headers: { 'idempotent-replayed': 'true' } };
  const reply = send(call, key);
  if (key !== null && reply.status === 200) app.messageKeys.set(key, reply, now);
  return reply;
}

function send(call: Call, key: string | null): Reply {
  const { app, body, now } = call;
  const targeting = targetingOf(body);
  if (body['filters'] !== undefined) return basic(400, 'The fake does not evaluate filters: target aliases.');
  if (targeting === undefined)
    return basic(
      400,
      'You must include which players, segments, or tags you wish to send this notification to.',
    );
  const aliases = Object.values(objectOf(body['include_aliases']));
  const named = aliases.reduce<number>((sum, ids) => sum + textsOf(ids).length, 0);
  if (named > MOST_RECIPIENTS) {
    call.violated('recipients-per-request', `${named} aliases in one message`);
    return basic(400, `include_aliases has at most ${MOST_RECIPIENTS} entries`);
  }
  if (!hasContent(body)) return basic(400, 'Message Notifications must have English language content');
  const wrong = textsOf(body['include_subscription_ids']).filter((id) => !UUID.test(id));
  if (wrong.length > 0) {
    const ids = JSON.stringify(wrong);
    return basic(
      400,
      `Incorrect subscription_id format in include_subscription_ids (not a valid UUID): ${ids}`,
    );
  }
  const { channel, reached, unsubscribed } = findRecipients(call, targeting);
  if (reached.length === 0) return ok(200, { id: '', errors: ['All included players are not subscribed'] });
  const id = randomUUID();
  const externalIds = reached.flatMap(({ owner }) => owner.aliases.get('external_id') ?? []);
  const recipients = reached.map((one) => one.id);
  app.messages.set(id, { id, key, channel, recipients, externalIds, body, queuedAt: now, canceled: false });
  const errors = Object.keys(unsubscribed).length === 0 ? {} : { errors: unsubscribed };
  return ok(200, { id, external_id: key, ...errors });
}

function hasContent(body: Json): boolean {
  if (body['template_id'] !== undefined || body['content_available'] === true) return true;
  return objectOf(body['contents'])['en'] !== undefined || body['email_body'] !== undefined;
}

/** `GET /notifications/{id}` */
export function viewMessage(call: Call, id: string): Reply {
  const message = call.app.messages.get(id);
  if (message === undefined) return basic(404, NOT_FOUND);
  const { app_id: _, ...content } = message.body;
  const at = Math.floor(message.queuedAt / 1000);
  return ok(200, {
    ...content,
    id,
    app_id: call.appId,
    canceled: message.canceled,
    queued_at: at,
    send_after: at,
    completed_at: at,
    successful: message.recipients.length,
    failed: 0,
    errored: 0,
    converted: 0,
    received: null,
    remaining: 0,
  });
}

/** `DELETE /notifications/{id}`: everything is sent at once here, so there is nothing to cancel. */
export function cancelMessage(call: Call, id: string): Reply {
  const message = call.app.messages.get(id);
  if (message === undefined) return basic(404, NOT_FOUND);
  if (message.body['send_after'] === undefined)
    return basic(400, 'Notification has already been sent to all recipients');
  message.canceled = true;
  return ok(200, { success: true });
}
