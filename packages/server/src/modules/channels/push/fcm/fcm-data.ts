import type { Envelope } from '../../channel.ts';
import { deviceDataOf, groupMessageIn } from '../device-data.ts';
import type { RenderedPush } from '../rendered-push.ts';

type Fields = RenderedPush['fields'];

/**
 * The data of a message for an Android device.
 *
 * `android_channel_id` is handed over like `existing_android_channel_id`, as the id of a channel that the app has
 * made: a definition would rename that channel on the device.
 */
export function fcmDataOf(envelope: Envelope<RenderedPush>): Readonly<Record<string, string>> {
  const { fields } = envelope.content;
  const { android_visibility: visibility } = fields;
  return deviceDataOf(envelope, {
    grp: fields.android_group,
    grp_msg: groupMessageIn(fields.android_group_message),
    sicon: fields.small_icon,
    licon: fields.large_icon,
    bicon: fields.big_picture ?? fields.global_image,
    bgac: fields.android_accent_color,
    ledc: fields.android_led_color,
    vis: visibility === undefined ? undefined : String(visibility),
    sound: fields.android_sound,
    oth_chnl: fields.existing_android_channel_id ?? fields.android_channel_id,
    bg_img: backgroundOf(fields),
  });
}

function backgroundOf({ android_background_layout: layout }: Fields): string | undefined {
  if (layout === undefined) return undefined;
  const { image, headings_color, contents_color } = layout;
  return JSON.stringify({ img: image, tc: headings_color, bc: contents_color });
}
