import { createHash } from 'node:crypto';
import type { Envelope } from '../../channel.ts';
import { deviceDataOf, groupMessageIn } from '../device-data.ts';
import { secondsToLive } from '../life-of-message.ts';
import type { RenderedPush } from '../rendered-push.ts';

/** A message as it is posted, or why it cannot be. */
export type AdmMessage =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly reason: string };

/** Of the data, as JSON. */
const MOST_BYTES = 6_144;
const LONGEST_LIFE_S = 31 * 24 * 3_600;

/** @param now milliseconds since the epoch */
export function admMessageOf(envelope: Envelope<RenderedPush>, now: number): AdmMessage {
  const { content } = envelope;
  const { fields } = content;
  const data = deviceDataOf(envelope, {
    grp: fields.adm_group,
    grp_msg: groupMessageIn(fields.adm_group_message),
    sicon: fields.adm_small_icon,
    licon: fields.adm_large_icon,
    bicon: fields.adm_big_picture ?? fields.global_image,
    sound: fields.adm_sound,
  });
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > MOST_BYTES) {
    const reason = `the data has ${bytes} bytes, and Amazon takes at most ${MOST_BYTES}: shorten contents, data or addresses`;
    return { ok: false, reason };
  }
  const message = {
    data,
    consolidationKey: fields.collapse_id,
    // Amazon takes no 0.
    expiresAfter: Math.max(1, secondsToLive(content, now, LONGEST_LIFE_S)),
    md5: checksumOf(data),
  };
  return { ok: true, body: JSON.stringify(message) };
}

/** Amazon's: of the names and texts in the order of the names, so that the app can tell whether it got them all. */
function checksumOf(data: Readonly<Record<string, string>>): string {
  const names = Object.keys(data).toSorted();
  const text = names.map((name) => `${name}:${data[name]}`).join(',');
  return createHash('md5').update(text).digest('base64');
}
