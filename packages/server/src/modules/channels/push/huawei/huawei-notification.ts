import { customDataOf } from '../custom-data.ts';
import type { Envelope } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { lightOf, opaqueColorOf } from './colors.ts';

type Fields = RenderedPush['fields'];
type Json = Readonly<Record<string, unknown>>;

/** Of 1, 0 and -1, as Android counts them. */
const VISIBILITIES: ReadonlyMap<number | undefined, string> = new Map([
  [1, 'PUBLIC'],
  [0, 'PRIVATE'],
  [-1, 'SECRET'],
]);

/** What the system of a Huawei device shows. What is undefined is left out of the JSON. */
export function notificationOf(envelope: Envelope<RenderedPush>): Json {
  const { title, body, fields } = envelope.content;
  return {
    title,
    body: body ?? '',
    icon: fields.huawei_small_icon,
    // There is room for one picture, beside the words.
    image: fields.huawei_large_icon ?? fields.huawei_big_picture ?? fields.global_image,
    color: opaqueColorOf(fields.huawei_accent_color),
    light_settings: lightOf(fields.huawei_led_color),
    visibility: VISIBILITIES.get(fields.huawei_visibility),
    channel_id: fields.huawei_existing_channel_id ?? fields.huawei_channel_id,
    ...soundOf(fields),
    group: fields.android_group,
    // A message with the same tag takes the place of the one before.
    tag: fields.collapse_id,
    badge: badgeOf(fields),
    buttons: fields.buttons?.map(({ id, text }) => ({
      name: text,
      action_type: 0,
      data: JSON.stringify({ actionId: id }),
    })),
    click_action: clickOf(envelope),
    foreground_show: true,
  };
}

/** `nil` is silence. Sounds are files in the app's folder `raw`. */
function soundOf({ huawei_sound: sound }: Fields): Json {
  if (sound === undefined) return { default_sound: true };
  if (sound === 'nil') return { default_sound: false };
  return { default_sound: false, sound: sound.startsWith('/') ? sound : `/raw/${sound}` };
}

function badgeOf({
  huawei_badge_class,
  huawei_badge_set_num,
  huawei_badge_add_num,
}: Fields): Json | undefined {
  if (huawei_badge_set_num === undefined && huawei_badge_add_num === undefined) return undefined;
  return {
    class: huawei_badge_class,
    ...(huawei_badge_set_num === undefined
      ? { add_num: huawei_badge_add_num }
      : { set_num: huawei_badge_set_num }),
  };
}

/**
 * A web page opens in the browser, and any other address in whatever answers to it, with the app's data; without an
 * address the app opens, with its data.
 */
function clickOf(envelope: Envelope<RenderedPush>): Json {
  const custom = customDataOf(envelope);
  if (custom.u === undefined) return { type: 3 };
  if (custom.u.startsWith('https://')) return { type: 2, url: custom.u };
  const address = /^([a-z][a-z0-9+.-]*):(.*)$/i.exec(custom.u);
  if (address === null) return { type: 3 };
  const [, scheme = '', rest = ''] = address;
  const extra = encodeURIComponent(JSON.stringify(custom));
  return { type: 1, intent: `intent:${rest}#Intent;scheme=${scheme};S.custom=${extra};end` };
}
