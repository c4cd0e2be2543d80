import {
  absent,
  boolean,
  each,
  integer,
  isoTime,
  nullOr,
  number,
  oneOf,
  optional,
  text,
  textOrAbsent,
  texts,
  unixSeconds,
  uuid,
} from '../wire/checks.ts';

/** Shapes that typed clients decode: they refuse another spelling of an enumeration and other types. */

export const subscription = {
  id: uuid,
  app_id: uuid,
  type: oneOf(
    'Email',
    'SMS',
    'iOSPush',
    'AndroidPush',
    'HuaweiPush',
    'FireOSPush',
    'WindowsPush',
    'macOSPush',
    'ChromeExtensionPush',
    'ChromePush',
    'SafariLegacyPush',
    'FirefoxPush',
    'SafariPush',
  ),
  token: text,
  enabled: boolean,
  notification_types: optional(integer),
  session_time: optional(integer),
  session_count: optional(integer),
  sdk: optional(text),
  device_model: optional(text),
  device_os: optional(text),
  rooted: optional(boolean),
  test_type: optional(integer),
  app_version: optional(text),
  net_type: optional(integer),
  carrier: optional(text),
  web_auth: optional(text),
  web_p256: optional(text),
};

export const user = {
  identity: texts,
  properties: {
    tags: texts,
    language: optional(text),
    timezone_id: optional(text),
    country: optional(text),
    first_active: optional(unixSeconds),
    last_active: optional(unixSeconds),
  },
  subscriptions: each(subscription),
};

/** What old clients know instead of users and subscriptions. */
export const player = {
  id: uuid,
  identifier: nullOr(text),
  session_count: integer,
  language: nullOr(text),
  timezone: nullOr(integer),
  game_version: nullOr(text),
  device_os: nullOr(text),
  device_type: integer,
  device_model: nullOr(text),
  ad_id: null,
  tags: texts,
  last_active: unixSeconds,
  amount_spent: number,
  created_at: unixSeconds,
  invalid_identifier: boolean,
  badge_count: integer,
  sdk: nullOr(text),
  test_type: nullOr(integer),
  external_user_id: nullOr(text),
};

export const app = {
  id: uuid,
  name: text,
  players: integer,
  messageable_players: integer,
  created_at: isoTime,
  updated_at: isoTime,
  organization_id: uuid,
  apns_env: nullOr(oneOf('production', 'sandbox')),
  additional_data_is_root_payload: boolean,
  chrome_web_origin: nullOr(text),
  chrome_web_default_notification_icon: nullOr(text),
  site_name: nullOr(text),
  safari_site_origin: nullOr(text),
  gcm_key: nullOr(text),
  fcm_v1_service_account_json: nullOr(text),
  fcm_sender_id: nullOr(text),
  chrome_key: nullOr(text),
  chrome_web_key: nullOr(text),
  chrome_web_gcm_sender_id: nullOr(text),
  chrome_web_sub_domain: nullOr(text),
  apns_certificates: nullOr(text),
  apns_p8: nullOr(text),
  apns_team_id: nullOr(text),
  apns_key_id: nullOr(text),
  apns_bundle_id: nullOr(text),
  safari_apns_certificate: nullOr(text),
  safari_push_id: nullOr(text),
  basic_auth_key: nullOr(text),
  // The Python client decodes no null in these.
  android_gcm_sender_id: textOrAbsent,
  safari_icon_16_16: textOrAbsent,
  safari_icon_32_32: textOrAbsent,
  safari_icon_64_64: textOrAbsent,
  safari_icon_128_128: textOrAbsent,
  safari_icon_256_256: textOrAbsent,
};

export const auditLogEvent = {
  id: uuid,
  organization_id: uuid,
  app_id: textOrAbsent,
  action: /^[a-z_]+\.[a-z]+$/,
  occurred_at: isoTime,
  version: integer,
  actor: { type: text, id: textOrAbsent, name: textOrAbsent, email: textOrAbsent },
  targets: each({ type: text, id: text, name: textOrAbsent }),
};

export const templateSummary = { id: uuid, name: text, created_at: isoTime, updated_at: isoTime };

export const template = {
  ...templateSummary,
  channel: oneOf('push', 'email', 'sms'),
  content: {
    isEmail: nullOr(boolean),
    isAndroid: nullOr(boolean),
    isSMS: nullOr(boolean),
    contents: nullOr(texts),
    headings: nullOr(texts),
    subtitle: nullOr(texts),
    global_image: nullOr(text),
    url: nullOr(text),
    email_subject: nullOr(text),
    email_body: nullOr(text),
    email_bcc: nullOr(each(text)),
    disable_email_click_tracking: nullOr(boolean),
    sms_from: nullOr(text),
    sms_media_urls: nullOr(each(text)),
    huawei_badge_set_num: nullOr(integer),
  },
};

const stats = {
  successful: integer,
  failed: integer,
  errored: integer,
  converted: integer,
  received: integer,
};

export const message = {
  id: uuid,
  app_id: uuid,
  canceled: boolean,
  queued_at: unixSeconds,
  send_after: unixSeconds,
  completed_at: nullOr(unixSeconds),
  successful: integer,
  failed: integer,
  errored: integer,
  converted: integer,
  received: nullOr(integer),
  remaining: nullOr(integer),
  name: nullOr(text),
  template_id: nullOr(uuid),
  throttle_rate_per_minute: optional(integer),
  fcap_status: optional(text),
  platform_delivery_stats: {
    email: optional({
      ...stats,
      opened: integer,
      unique_opens: integer,
      clicks: integer,
      unique_clicks: integer,
      bounced: integer,
      reported_spam: integer,
      unsubscribed: integer,
    }),
  },
};

export const journeySummary = {
  id: uuid,
  app_id: uuid,
  name: text,
  state: oneOf('draft', 'scheduled', 'processing', 'active', 'paused', 'archived'),
  created_at: isoTime,
  updated_at: isoTime,
  started_at: nullOr(isoTime),
  archived_at: nullOr(isoTime),
  audience: { kind: oneOf('segment', 'event_trigger') },
  nodes: absent,
  concurrency_key: absent,
};

export const journey = {
  ...journeySummary,
  description: nullOr(text),
  nodes: each({ id: text, kind: text, annotation: nullOr(text), client_node_id: nullOr(text) }),
  concurrency_key: text,
};

export const apiKey = {
  token_id: uuid,
  name: text,
  ip_allowlist_mode: oneOf('disabled', 'explicit'),
  ip_allowlist: each(text),
  created_at: isoTime,
  updated_at: isoTime,
  last_used_at: optional(isoTime),
  last_used_ip: optional(text),
};
