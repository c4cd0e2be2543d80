import { Type } from 'typebox';
import type { Static } from 'typebox';
import { utm } from './utm.ts';

const identityVerification = Type.Enum(['off', 'required'], {
  description:
    "`required`: devices need an identity token, signed by the app's backend, which opens only the user it names. API keys need none.",
});
const tagLimit = Type.Integer({
  minimum: 1,
  maximum: 10_000,
  description: 'Most tags of a user at a time. 1,000 unless set.',
});
const blockedExternalIds = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
  maxItems: 1_000,
  uniqueItems: true,
  description:
    'Values refused as external_id, because programs send them when they have no id. A list set here replaces the usual one.',
});
const links = Type.Object(utm.properties, {
  additionalProperties: false,
  description:
    "What every link of the app's emails carries for web analytics: `source` becomes `utm_source`. A message or template adds to it and changes it with `email_utm`.",
});

const audienceGuard = Type.Object(
  {
    times: Type.Number({
      minimum: 0.01,
      maximum: 1_000,
      description: 'Recipients within the time: so many times the subscriptions that can be sent to.',
    }),
    within_minutes: Type.Integer({ minimum: 1, maximum: 1_440 }),
  },
  {
    additionalProperties: false,
    description:
      'Refuses a message that would make the app send to more people than this, unless it says confirm_recipients. Null, as at first: no guard.',
  },
);
export type AudienceGuardRule = Readonly<Static<typeof audienceGuard>>;

const channels = Type.Array(Type.Enum(['email', 'push', 'sms']), {
  minItems: 1,
  uniqueItems: true,
  description: 'All channels where it is left out.',
});
const timeOfDay = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'Such as 22:00, by the clock of the user.',
});
const quietHours = Type.Object(
  { from: timeOfDay, to: timeOfDay, channels: Type.Optional(channels) },
  {
    additionalProperties: false,
    description:
      "Between these times, over midnight where `to` is the earlier one, messages wait for the end, each by the user's own clock. `ignore_quiet_hours` of a message goes past them.",
  },
);
const frequencyCap = Type.Object(
  {
    messages: Type.Integer({ minimum: 1, maximum: 100 }),
    minutes: Type.Integer({ minimum: 1, maximum: 43_200 }),
    channels: Type.Optional(channels),
  },
  {
    additionalProperties: false,
    description:
      'A user gets at most so many messages on a channel in any so many minutes, of all senders together. What is above ends as `capped`.',
  },
);
const sendingRate = Type.Integer({
  minimum: 1,
  maximum: 10_000_000,
  description: 'Recipients a minute of a message to an audience, unless it says otherwise itself.',
});
const timeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'IANA name of the time zone of users who have told none. UTC unless set.',
});

/** When an app's messages may go. */
export const sendingPolicy = Type.Object({
  time_zone: timeZone,
  quiet_hours: Type.Union([quietHours, Type.Null()]),
  frequency_cap: Type.Union([frequencyCap, Type.Null()]),
  throttle_rate_per_minute: Type.Union([sendingRate, Type.Null()]),
});
export type SendingPolicyAnswer = Static<typeof sendingPolicy>;

const changeOfSending = Type.Object(
  {
    time_zone: Type.Optional(Type.Union([timeZone, Type.Null()])),
    quiet_hours: Type.Optional(Type.Union([quietHours, Type.Null()])),
    frequency_cap: Type.Optional(Type.Union([frequencyCap, Type.Null()])),
    throttle_rate_per_minute: Type.Optional(Type.Union([sendingRate, Type.Null()])),
  },
  { additionalProperties: false },
);
export type ChangeOfSendingPolicy = Static<typeof changeOfSending>;

const unknownEventUsers = Type.Enum(['refuse', 'create'], {
  description:
    'What becomes of a custom event about an external_id that nobody has. `refuse`, as at first: it is answered with `not found`. `create`: the user is made, and its history says so.',
});

/** PATCH /apps/{app_id}/policy: only what is named changes, null brings the default back. */
export const updateAppPolicyBody = Type.Object(
  {
    tag_limit: Type.Optional(Type.Union([tagLimit, Type.Null()])),
    blocked_external_ids: Type.Optional(Type.Union([blockedExternalIds, Type.Null()])),
    identity_verification: Type.Optional(identityVerification),
    utm: Type.Optional(Type.Union([links, Type.Null()])),
    audience_guard: Type.Optional(Type.Union([audienceGuard, Type.Null()])),
    sending: Type.Optional(changeOfSending),
    unknown_event_users: Type.Optional(unknownEventUsers),
  },
  { additionalProperties: false },
);
export type UpdateAppPolicyBody = Static<typeof updateAppPolicyBody>;

/** What an app allows its users, and what all its emails have; defaults filled in. */
export const appPolicy = Type.Object({
  tag_limit: tagLimit,
  blocked_external_ids: blockedExternalIds,
  identity_verification: identityVerification,
  utm: Type.Union([utm, Type.Null()]),
  audience_guard: Type.Union([audienceGuard, Type.Null()]),
  sending: sendingPolicy,
  unknown_event_users: unknownEventUsers,
});
export type AppPolicyAnswer = Static<typeof appPolicy>;
