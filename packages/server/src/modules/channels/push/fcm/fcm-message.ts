import type { Envelope } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { fcmDataOf } from './fcm-data.ts';

/** A message as it is posted, or why it cannot be. */
export type FcmMessage =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly reason: string };

/** Of the data's names and texts together. */
const MOST_BYTES = 4_096;
const LONGEST_TTL_S = 28 * 24 * 3_600;

/** @param now milliseconds since the epoch */
export function fcmMessageOf(envelope: Envelope<RenderedPush>, now: number): FcmMessage {
  const { content, recipient } = envelope;
  const { fields } = content;
  const data = fcmDataOf(envelope);
  const bytes = bytesOf(data);
  if (bytes > MOST_BYTES) {
    const reason = `the data has ${bytes} bytes, and FCM takes at most ${MOST_BYTES}: shorten contents, data or addresses`;
    return { ok: false, reason };
  }
  const message = {
    token: recipient.token,
    data,
    android: {
      priority: isUrgent(content) ? 'HIGH' : 'NORMAL',
      ttl: `${fields.ttl === 0 ? 0 : secondsTo(content.expiresAt, now)}s`,
      collapse_key: fields.collapse_id,
    },
  };
  return { ok: true, body: JSON.stringify({ message }) };
}

/** FCM slows down apps whose urgent messages show nothing: those are urgent only where the request says so. */
function isUrgent({ title, body, fields }: RenderedPush): boolean {
  if (fields.priority !== undefined) return fields.priority === 10;
  return title !== null || body !== null;
}

/** 0: now or never. */
function secondsTo(expiresAt: number, now: number): number {
  return Math.min(LONGEST_TTL_S, Math.max(0, Math.ceil((expiresAt - now) / 1_000)));
}

function bytesOf(data: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in data) bytes += Buffer.byteLength(name) + Buffer.byteLength(data[name] ?? '');
  return bytes;
}
