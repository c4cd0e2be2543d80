import type { Envelope } from '../../channel.ts';
import { customDataOf } from '../custom-data.ts';
import { deviceDataOf } from '../device-data.ts';
import { secondsToLive } from '../life-of-message.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { notificationOf } from './huawei-notification.ts';

/** The JSON of a message without those who get it, or why there is none. */
export type HuaweiMessage =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Of the message without its tokens. */
const MOST_BYTES = 4_096;
const LONGEST_TTL_S = 15 * 24 * 3_600;

/**
 * A message that the system shows, or one of data alone that wakes the app: where the request says so, or where
 * nothing is to be shown.
 *
 * @param now milliseconds since the epoch
 */
export function huaweiMessageOf(envelope: Envelope<RenderedPush>, now: number): HuaweiMessage {
  const { content } = envelope;
  const { fields } = content;
  const isData = fields.huawei_msg_type === 'data' || (content.title === null && content.body === null);
  if (!isData && content.title === null) {
    const reason = 'Huawei shows no message without a title: add headings, or set huawei_msg_type to "data"';
    return { ok: false, reason };
  }
  const common = {
    // Huawei takes no 0.
    ttl: `${Math.max(1, secondsToLive(content, now, LONGEST_TTL_S))}s`,
    bi_tag: fields.huawei_bi_tag,
  };
  const message = isData
    ? {
        data: JSON.stringify(dataOf(envelope)),
        android: {
          ...common,
          // Urgent data takes a permission of Huawei's.
          urgency: fields.priority === 10 ? 'HIGH' : 'NORMAL',
          category: fields.huawei_category,
        },
      }
    : {
        data: JSON.stringify({ custom: JSON.stringify(customDataOf(envelope)) }),
        android: {
          ...common,
          category: fields.huawei_category ?? 'MARKETING',
          notification: notificationOf(envelope),
        },
      };
  const text = JSON.stringify(message);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MOST_BYTES) return { ok: true, text };
  const reason = `the message has ${bytes} bytes, and Huawei takes at most ${MOST_BYTES}: shorten contents, data or addresses`;
  return { ok: false, reason };
}

function dataOf(envelope: Envelope<RenderedPush>): Readonly<Record<string, string>> {
  const { fields } = envelope.content;
  const { huawei_visibility: visibility } = fields;
  return deviceDataOf(envelope, {
    grp: fields.android_group,
    sicon: fields.huawei_small_icon,
    licon: fields.huawei_large_icon,
    bicon: fields.huawei_big_picture ?? fields.global_image,
    bgac: fields.huawei_accent_color,
    ledc: fields.huawei_led_color,
    vis: visibility === undefined ? undefined : String(visibility),
    sound: fields.huawei_sound,
    oth_chnl: fields.huawei_existing_channel_id ?? fields.huawei_channel_id,
  });
}
