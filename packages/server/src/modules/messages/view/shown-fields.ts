import type { Channel } from '@carillon/wire';

const COMMON = [
  'include_aliases',
  'target_channel',
  'include_subscription_ids',
  'filters',
  'custom_data',
  'idempotency_key',
  'delivery_time_of_day',
  'enable_frequency_cap',
  'expires_at',
  'hold_out_group',
  'hold_out_percent',
  'ignore_quiet_hours',
];

const BY_CHANNEL: Readonly<Record<Channel, readonly string[]>> = {
  email: [
    'email_subject',
    'email_body',
    'email_preheader',
    'email_from_name',
    'email_from_address',
    'email_sender_domain',
    'email_reply_to_address',
    'disable_email_click_tracking',
    'email_utm',
    'email_attachments',
    'data_feed',
    'include_unsubscribed',
    'email_warm_up',
  ],
  sms: ['contents', 'sms_from', 'sms_media_urls'],
  push: `
    contents headings subtitle isIos isAndroid isHuawei isAnyWeb isChromeWeb isFirefox
    isSafari isWP_WNS isAdm isChrome url web_url app_url data buttons web_buttons
    ios_attachments big_picture huawei_big_picture adm_big_picture chrome_web_image
    chrome_big_picture global_image small_icon huawei_small_icon adm_small_icon large_icon
    huawei_large_icon adm_large_icon chrome_web_icon firefox_icon chrome_icon chrome_web_badge
    android_accent_color huawei_accent_color android_led_color huawei_led_color
    android_visibility huawei_visibility android_background_layout android_channel_id
    existing_android_channel_id huawei_channel_id huawei_existing_channel_id ios_sound
    android_sound huawei_sound adm_sound wp_wns_sound priority ttl collapse_id web_push_topic
    thread_id summary_arg summary_arg_count android_group android_group_message adm_group
    adm_group_message ios_interruption_level ios_relevance_score ios_badgeType ios_badgeCount
    ios_category target_content_identifier apns_push_type_override apns_alert
    content_available mutable_content huawei_msg_type huawei_category huawei_bi_tag
    huawei_badge_class huawei_badge_set_num huawei_badge_add_num`
    .trim()
    .split(/\s+/),
};

/**
 * What a view shows of a request: the documented fields of its channel, null where they were not given.
 * Nothing else that came with it, and no list of addresses or tokens: whom those belong to is not for
 * everybody who may look at a message.
 */
export function shownFields(
  channel: Channel,
  request: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const given = (field: string) => (Object.hasOwn(request, field) ? request[field] : null) ?? null;
  return {
    ...Object.fromEntries([...COMMON, ...BY_CHANNEL[channel]].map((field) => [field, given(field)])),
    included_segments: given('included_segments') ?? [],
    excluded_segments: given('excluded_segments') ?? [],
    delayed_option: given('delayed_option') ?? 'immediate',
  };
}
