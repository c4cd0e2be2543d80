import type { Envelope } from '../../channel.ts';
import { bytesOfData } from '../device-data.ts';
import { secondsToLive } from '../life-of-message.ts';
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
  const bytes = bytesOfData(data);
  if (bytes > MOST_BYTES) {
    const reason = `the data has ${bytes} bytes, and FCM takes at most ${MOST_BYTES}: shorten contents, data or addresses`;
    return { ok: false, reason };
  }
  const message = {
    token: recipient.token,
    data,
    android: {
      priority: isUrgent(content) ? 'HIGH' : 'NORMAL',
      ttl: `${secondsToLive(content, now, LONGEST_TTL_S)}s`,
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
