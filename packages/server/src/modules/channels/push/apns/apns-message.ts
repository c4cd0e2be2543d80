import { createHash } from 'node:crypto';
import { nameId } from '../../../../platform/ids.ts';
import type { Envelope } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';
import type { ApnsSettings } from './apns-account.ts';
import { apnsPayloadOf, isSilent } from './apns-payload.ts';
import { liveActivityPayloadOf } from './live-activity-payload.ts';

/** A message as it is posted, or why it cannot be. */
export type ApnsMessage =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly ok: false; readonly reason: string };

const MOST_BYTES = 4_096;
const MOST_BYTES_VOIP = 5_120;

/** The same message to the same subscription always has the same one: a repeated hand-over can be told. */
export function apnsIdOf(messageId: string, subscriptionId: string): string {
  return nameId('apns-id', messageId, subscriptionId);
}

export function apnsMessageOf(envelope: Envelope<RenderedPush>, { bundleId }: ApnsSettings): ApnsMessage {
  const { messageId, recipient, content } = envelope;
  const { fields, expiresAt } = content;
  const { body, pushType } = write(envelope);
  const most = pushType === 'voip' ? MOST_BYTES_VOIP : MOST_BYTES;
  const bytes = Buffer.byteLength(body);
  if (bytes > most) {
    const reason = `the payload has ${bytes} bytes, and Apple takes at most ${most}: shorten contents, data or addresses`;
    return { ok: false, reason };
  }
  const headers: Record<string, string> = {
    'apns-id': apnsIdOf(messageId, recipient.subscriptionId),
    'apns-topic': bundleId + (TOPICS[pushType] ?? ''),
    'apns-push-type': pushType,
    // Apple takes nothing else for what only wakes the app.
    'apns-priority': pushType === 'background' ? '5' : String(fields.priority ?? 10),
    // 0: now or never.
    'apns-expiration': fields.ttl === 0 ? '0' : String(Math.ceil(expiresAt / 1_000)),
  };
  if (fields.collapse_id !== undefined) headers['apns-collapse-id'] = collapseIdOf(fields.collapse_id);
  return { ok: true, headers, body };
}

/** What is behind the bundle id in the topics of some kinds. */
const TOPICS: Readonly<Record<string, string>> = { voip: '.voip', liveactivity: '.push-type.liveactivity' };

function write(envelope: Envelope<RenderedPush>): { readonly body: string; readonly pushType: string } {
  const { fields, liveActivity } = envelope.content;
  if (liveActivity !== undefined) {
    return { body: JSON.stringify(liveActivityPayloadOf(envelope, liveActivity)), pushType: 'liveactivity' };
  }
  const payload = apnsPayloadOf(envelope);
  const shows = isSilent(payload) ? 'background' : 'alert';
  return {
    body: JSON.stringify(payload),
    pushType: fields.apns_push_type_override === 'voip' ? 'voip' : shows,
  };
}

/** Apple takes 64 bytes, and a header takes no letters beyond ASCII: other ids are replaced by their hash. */
function collapseIdOf(text: string): string {
  return /^[!-~]{1,64}$/.test(text) ? text : createHash('sha256').update(text).digest('base64url');
}
