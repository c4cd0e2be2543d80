import { Type } from 'typebox';
import type { Static } from 'typebox';
import { emailFields } from './email-content.ts';
import { field, flagField, integerField, textField } from './field.ts';
import { filtersField } from './filter.ts';
import { outcomeSum, outcomesQuery } from './outcome.ts';
import { platformFields, pushFields } from './push-content.ts';
import { smsFields } from './sms-content.ts';

const LONGEST_TTL_S = 28 * 24 * 3_600;

/**
 * POST /notifications. Fields that are not listed are ignored, as the API always did; those that
 * would change who gets the message or when, and are not built yet, are refused by name.
 */
export const createMessageBody = Type.Object({
  app_id: Type.String(),
  target_channel: Type.Optional(
    Type.Union([Type.Literal('email'), Type.Literal('sms'), Type.Literal('push')]),
  ),
  /** Label to values: `{"external_id": ["42"]}`. At most 20,000 values in all. */
  include_aliases: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  include_subscription_ids: Type.Optional(Type.Array(Type.String())),
  /** The old name of `include_subscription_ids`. */
  include_player_ids: Type.Optional(Type.Array(Type.String())),
  /** The old form of `include_aliases` with external ids; its channel is `channel_for_external_user_ids`. */
  include_external_user_ids: Type.Optional(Type.Array(Type.String())),
  channel_for_external_user_ids: Type.Optional(
    Type.Union([Type.Literal('email'), Type.Literal('sms'), Type.Literal('push')]),
  ),
  /** Email addresses, at most 20,000. Unknown ones become subscriptions. */
  email_to: Type.Optional(Type.Array(Type.String())),
  /** The old name of `email_to`. */
  include_email_tokens: Type.Optional(Type.Array(Type.String())),
  /** Phone numbers in E.164, at most 20,000. Unknown ones become subscriptions. */
  include_phone_numbers: Type.Optional(Type.Array(Type.String())),
  /** Names, letter by letter. Somebody who is in several gets one message. */
  included_segments: Type.Optional(Type.Array(Type.String())),
  /** Names of segments whose members get nothing, whatever else they are in. */
  excluded_segments: field(Type.Array(Type.String())),
  /** At most 200 entries, operators included. */
  filters: filtersField,
  ...platformFields,
  isEmail: flagField,
  isSms: flagField,
  name: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Null()])),
  template_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  ...emailFields,
  ...smsFields,
  ...pushFields,
  custom_data: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  /** A UUID; the same one within 30 days sends nothing and answers as the first time. */
  idempotency_key: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** The old name of `idempotency_key`. */
  external_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** ISO 8601, or anything that JavaScript's Date reads. */
  send_after: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  /** Ours: so many recipients are meant, where the app's `audience_guard` would refuse the message. */
  confirm_recipients: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
  /** `timezone`: at `delivery_time_of_day` where the recipient is. `last-active`: at the time of day of the last activity. */
  delayed_option: textField,
  /** `9:00AM`, `21:45` or `09:45:30`; without it the time of day of `send_after` in UTC. */
  delivery_time_of_day: textField,
  /** Recipients a minute, at most; 0 for as fast as it goes, whatever the app's setting says. */
  throttle_rate_per_minute: Type.Optional(Type.Union([Type.Number(), Type.String(), Type.Null()])),
  /** False goes beyond the app's frequency cap, and counts for it all the same. */
  enable_frequency_cap: flagField,
  /**
   * Seconds after a recipient's turn in which it may still be handed over; 0 leaves that to the provider. A push
   * service keeps it as long for a device that is away, three days when absent.
   */
  ttl: integerField(0, LONGEST_TTL_S),
  /** Ours: from then on nothing is handed over. */
  expires_at: textField,
  /** Ours: goes in the app's quiet hours too. */
  ignore_quiet_hours: flagField,
  /**
   * Ours: so many percent of the users meant get nothing, so that the others can be compared with them. 0.01 to 99, by
   * hundredths; others of every message, unless `hold_out_group` says which.
   */
  hold_out_percent: field(Type.Number()),
  /** Ours: messages of an app that name the same group hold the same users out, on every channel. */
  hold_out_group: field(Type.String({ maxLength: 100 })),
  /** Ours: after a crash of the sender, rather nothing than the same twice. */
  at_most_once: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
export type CreateMessageBody = Static<typeof createMessageBody>;

/**
 * The answer to POST /notifications, always with status 200. An empty `id` means that nobody could
 * be reached and nothing is sent; `errors` is then a list of sentences. Otherwise `errors`, where it
 * is there, names targets that exist and are unsubscribed.
 */
export const createMessageAnswer = Type.Object({
  id: Type.String(),
  external_id: Type.Union([Type.String(), Type.Null()]),
  /** What the request may not have meant: names of segments that do not exist. */
  warnings: Type.Optional(Type.Array(Type.String())),
  errors: Type.Optional(
    Type.Union([
      Type.Array(Type.String()),
      Type.Object({
        invalid_aliases: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
        invalid_player_ids: Type.Optional(Type.Array(Type.String())),
        invalid_email_tokens: Type.Optional(Type.Array(Type.String())),
        invalid_phone_numbers: Type.Optional(Type.Array(Type.String())),
        invalid_external_user_ids: Type.Optional(Type.Array(Type.String())),
      }),
    ]),
  ),
});
export type CreateMessageAnswer = Static<typeof createMessageAnswer>;

/** POST /notifications/count-unsaved: whom a message would be for. Other fields of a message are ignored. */
export const countMessageBody = Type.Object({
  app_id: Type.String(),
  included_segments: field(Type.Array(Type.String())),
  excluded_segments: field(Type.Array(Type.String())),
  filters: filtersField,
  include_aliases: field(Type.Record(Type.String(), Type.Array(Type.String()))),
  target_channel: field(Type.Union([Type.Literal('email'), Type.Literal('sms'), Type.Literal('push')])),
});
export type CountMessageBody = Static<typeof countMessageBody>;

export const countMessageAnswer = Type.Object({
  /** Subscriptions that can be reached. */
  count: Type.Integer(),
  uncapped_count: Type.Union([Type.Integer(), Type.Null()]),
  cap_applied: Type.Boolean(),
  mobile_suppressed: Type.Boolean(),
  mobile_excluded_count: Type.Integer(),
});
export type CountMessageAnswer = Static<typeof countMessageAnswer>;

/** How a message fared on the email channel. */
export const emailStats = Type.Object({
  successful: Type.Integer(),
  failed: Type.Integer(),
  errored: Type.Integer(),
  converted: Type.Integer(),
  received: Type.Integer(),
  opened: Type.Integer(),
  unique_opens: Type.Integer(),
  clicks: Type.Integer(),
  unique_clicks: Type.Integer(),
  bounced: Type.Integer(),
  reported_spam: Type.Integer(),
  unsubscribed: Type.Integer(),
});
export type EmailStats = Static<typeof emailStats>;

/** How a message fared as SMS: what the provider took, and what it told of it. */
export const smsStats = Type.Object({
  successful: Type.Integer(),
  failed: Type.Integer(),
  errored: Type.Integer(),
  converted: Type.Integer(),
  received: Type.Integer(),
  provider_successful: Type.Integer(),
  provider_failed: Type.Integer(),
  provider_errored: Type.Integer(),
});

/** How a push message fared on one kind of device; absent where it went to none. */
const pushStats = Type.Optional(
  Type.Object({
    successful: Type.Integer(),
    failed: Type.Integer(),
    errored: Type.Integer(),
    /** Clicks. */
    converted: Type.Integer(),
    /** Confirmed by the device. */
    received: Type.Integer(),
  }),
);

/**
 * GET /notifications/{message_id}: with the documented fields of the request beside these, null where they
 * were not given. Times are Unix seconds.
 */
export const messageView = Type.Object(
  {
    id: Type.String(),
    app_id: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    template_id: Type.Union([Type.String(), Type.Null()]),
    canceled: Type.Boolean(),
    queued_at: Type.Integer(),
    send_after: Type.Integer(),
    completed_at: Type.Union([Type.Integer(), Type.Null()]),
    /** Handed to the provider. */
    successful: Type.Integer(),
    /** Found unsubscribed or suppressed, or held out. */
    failed: Type.Integer(),
    /** Refused by the provider, or not rendered, or of unknown fate. */
    errored: Type.Integer(),
    /** Clicks. */
    converted: Type.Integer(),
    /** Confirmed by the other side. */
    received: Type.Integer(),
    /** Not yet in the ledger; null while a broadcast's audience is still being read. */
    remaining: Type.Union([Type.Integer(), Type.Null()]),
    /** Ours: of `failed`, those whose user was held out. */
    held_out: Type.Integer(),
    throttle_rate_per_minute: Type.Union([Type.Integer(), Type.Null()]),
    /** Ours: nothing is handed over until it is resumed. */
    paused: Type.Boolean(),
    fcap_status: Type.Union([Type.String(), Type.Null()]),
    /** Copies for `email_bcc` that the provider has taken; null for other channels than email. */
    bcc_sent: Type.Union([Type.Integer(), Type.Null()]),
    /** Only where `outcome_names` asks for them. */
    outcomes: Type.Optional(Type.Array(outcomeSum)),
    platform_delivery_stats: Type.Object({
      email: Type.Optional(emailStats),
      sms: Type.Optional(smsStats),
      ios: pushStats,
      android: pushStats,
      chrome_web_push: pushStats,
      firefox_web_push: pushStats,
      safari_web_push: pushStats,
      /** Ours. */
      huawei: pushStats,
      amazon: pushStats,
      macos: pushStats,
      safari_legacy_push: pushStats,
    }),
  },
  { additionalProperties: true },
);
export type MessageView = Static<typeof messageView>;

/** GET /notifications/{message_id}: `outcome_names` asks for the outcomes that the message has a share in. */
export const messageViewQuery = Type.Object({ app_id: Type.String(), ...outcomesQuery.properties });

/** GET /notifications: newest first; with `time_offset` in the order in which they are due. */
export const messageList = Type.Object({
  total_count: Type.Integer(),
  offset: Type.Integer(),
  limit: Type.Integer(),
  /** With `time_offset` only: what was asked, and what to ask next. */
  time_offset: Type.Optional(Type.String()),
  next_time_offset: Type.Optional(Type.String()),
  notifications: Type.Array(messageView),
});
export type MessageList = Static<typeof messageList>;

/** POST /apps/{app_id}/messages/{message_id}/pause and /resume. */
export const messagePause = Type.Object({ success: Type.Boolean(), paused: Type.Boolean() });
export type MessagePauseAnswer = Static<typeof messagePause>;

/** POST /notifications/{message_id}/history. */
export const messageHistoryBody = Type.Object({
  app_id: Type.String(),
  /** `sent` or `clicked`. */
  events: Type.Optional(Type.Unknown()),
  /** Checked, and not written to: the answer has the link. */
  email: Type.Optional(Type.Unknown()),
});

/** The answer, with status 202. The file is there once it is made; until then its address answers 404. */
export const messageHistoryAnswer = Type.Object({
  success: Type.Boolean(),
  destination_url: Type.String(),
});
export type MessageHistoryAnswer = Static<typeof messageHistoryAnswer>;

/** POST /notifications/{message_id}/export_events: where the gzip CSV will be. */
export const exportEventsAnswer = Type.Object({ csv_file_url: Type.String() });
export type ExportEventsAnswer = Static<typeof exportEventsAnswer>;
