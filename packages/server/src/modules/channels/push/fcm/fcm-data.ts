import type { Envelope } from '../../channel.ts';
import { customDataOf, shortButtonsOf } from '../custom-data.ts';
import type { RenderedPush } from '../rendered-push.ts';

type Fields = RenderedPush['fields'];

/**
 * The data of a message, which the app's SDK makes a notification of: FCM carries texts only, so what is more is
 * JSON in them.
 *
 * `android_channel_id` is handed over like `existing_android_channel_id`, as the id of a channel that the app has
 * made: a definition would rename that channel on the device.
 */
export function fcmDataOf(envelope: Envelope<RenderedPush>): Readonly<Record<string, string>> {
  const { content } = envelope;
  const { title, body, fields } = content;
  const { android_visibility: visibility, priority } = fields;
  const buttons = shortButtonsOf(content);
  return present({
    custom: JSON.stringify(customDataOf(envelope)),
    title: title ?? undefined,
    alert: body ?? undefined,
    o: buttons === undefined ? undefined : JSON.stringify(buttons),
    pri: priority === undefined ? undefined : String(priority),
    grp: fields.android_group,
    grp_msg: groupMessageOf(fields),
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

/** In English where there are several languages: it stands above messages of all of them. */
function groupMessageOf({ android_group_message: texts = {} }: Fields): string | undefined {
  return texts['en'] ?? Object.values(texts)[0];
}

function backgroundOf({ android_background_layout: layout }: Fields): string | undefined {
  if (layout === undefined) return undefined;
  const { image, headings_color, contents_color } = layout;
  return JSON.stringify({ img: image, tc: headings_color, bc: contents_color });
}

function present(data: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(data)) if (text !== undefined) texts[name] = text;
  return texts;
}
