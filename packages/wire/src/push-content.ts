import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, flagField, integerField, textField, textsField } from './field.ts';

const LONGEST_TTL_S = 28 * 24 * 3_600;
const MOST = 2 ** 31 - 1;

/** What platforms and apps call something. */
const nameField = field(Type.String({ maxLength: 255 }));

const words = {
  /** Liquid, as headings, subtitles and all addresses of what is shown and opened. */
  contents: textsField,
  headings: textsField,
  subtitle: textsField,
};

/** Addresses of pictures, or the names of those that an app brings along. */
const pictures = {
  /** For every platform that has none of its own here. */
  global_image: textField,
  ios_attachments: field(Type.Record(Type.String(), Type.String())),
  big_picture: textField,
  huawei_big_picture: textField,
  adm_big_picture: textField,
  chrome_web_image: textField,
  chrome_big_picture: textField,
  small_icon: textField,
  huawei_small_icon: textField,
  adm_small_icon: textField,
  large_icon: textField,
  huawei_large_icon: textField,
  adm_large_icon: textField,
  chrome_web_icon: textField,
  firefox_icon: textField,
  chrome_icon: textField,
  chrome_web_badge: textField,
};

const look = {
  android_accent_color: nameField,
  huawei_accent_color: nameField,
  android_led_color: nameField,
  huawei_led_color: nameField,
  android_visibility: integerField(-1, 1),
  huawei_visibility: integerField(-1, 1),
  android_background_layout: field(
    Type.Object({
      image: Type.Optional(Type.String()),
      headings_color: Type.Optional(Type.String()),
      contents_color: Type.Optional(Type.String()),
    }),
  ),
};

const channelsAndSounds = {
  android_channel_id: nameField,
  existing_android_channel_id: nameField,
  huawei_channel_id: nameField,
  huawei_existing_channel_id: nameField,
  /** `nil` is silence. */
  ios_sound: nameField,
  android_sound: nameField,
  huawei_sound: nameField,
  adm_sound: nameField,
  wp_wns_sound: nameField,
};

const delivery = {
  priority: field(Type.Union([Type.Literal(10), Type.Literal(5)])),
  /** Seconds that a push service keeps it for a device that is away; three days when absent. */
  ttl: integerField(0, LONGEST_TTL_S),
  collapse_id: field(Type.String({ maxLength: 64 })),
  web_push_topic: nameField,
  thread_id: nameField,
  summary_arg: nameField,
  summary_arg_count: integerField(0, MOST),
  android_group: nameField,
  android_group_message: textsField,
  adm_group: nameField,
  adm_group_message: textsField,
  ios_interruption_level: field(Type.Enum(['active', 'passive', 'time_sensitive', 'critical'])),
  ios_relevance_score: field(Type.Number({ minimum: 0, maximum: 1 })),
  ios_badgeType: field(Type.Enum(['None', 'SetTo', 'Increase'])),
  ios_badgeCount: integerField(-MOST, MOST),
  ios_category: nameField,
  target_content_identifier: nameField,
  apns_push_type_override: field(Type.Enum(['voip'])),
  apns_alert: field(Type.Record(Type.String(), Type.Unknown())),
  /** True: the app is woken, and may show nothing. */
  content_available: flagField,
  mutable_content: flagField,
};

const button = { id: Type.String({ minLength: 1 }), text: Type.String({ minLength: 1 }) };
const icon = { icon: Type.Optional(Type.String()) };

const actions = {
  /** Where a tap leads, on every platform; or one for browsers and another one for apps. */
  url: textField,
  web_url: textField,
  app_url: textField,
  /** Reaches the app as it is: never Liquid. */
  data: field(Type.Record(Type.String(), Type.Unknown())),
  buttons: field(Type.Array(Type.Object({ ...button, ...icon }), { maxItems: 3 })),
  web_buttons: field(
    Type.Array(Type.Object({ ...button, url: Type.String({ minLength: 1 }), ...icon }), { maxItems: 2 }),
  ),
};

const huawei = {
  huawei_msg_type: field(Type.Enum(['message', 'data'])),
  huawei_category: field(
    Type.Enum([
      'MARKETING',
      'IM',
      'VOIP',
      'SUBSCRIPTION',
      'TRAVEL',
      'HEALTH',
      'WORK',
      'ACCOUNT',
      'EXPRESS',
      'FINANCE',
      'DEVICE_REMINDER',
      'MAIL',
    ]),
  ),
  huawei_bi_tag: nameField,
  huawei_badge_class: nameField,
  /** Wins over `huawei_badge_add_num`. */
  huawei_badge_set_num: integerField(0, 99),
  huawei_badge_add_num: integerField(1, 99),
};

/** What a push message says and shows and how it travels, as requests name it. */
export const pushFields = {
  ...words,
  ...pictures,
  ...look,
  ...channelsAndSounds,
  ...delivery,
  ...actions,
  ...huawei,
};

const pushContent = Type.Object(pushFields);
export type PushFields = Static<typeof pushContent>;

const platform = flagField;

/** Any that is true leaves out those that are not. */
export const platformFields = {
  isAndroid: platform,
  isIos: platform,
  isMacOSX: platform,
  isAdm: platform,
  isAlexa: platform,
  isWP: platform,
  isWP_WNS: platform,
  isChrome: platform,
  isAnyWeb: platform,
  isChromeWeb: platform,
  isSafari: platform,
  isFirefox: platform,
  isEdge: platform,
  isHuawei: platform,
};

const platforms = Type.Object(platformFields);
export type PlatformFlags = Static<typeof platforms>;
