import { Type } from 'typebox';
import type { Static } from 'typebox';

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

/** PATCH /apps/{app_id}/policy: only what is named changes, null brings the default back. */
export const updateAppPolicyBody = Type.Object(
  {
    tag_limit: Type.Optional(Type.Union([tagLimit, Type.Null()])),
    blocked_external_ids: Type.Optional(Type.Union([blockedExternalIds, Type.Null()])),
    identity_verification: Type.Optional(identityVerification),
    audience_guard: Type.Optional(Type.Union([audienceGuard, Type.Null()])),
  },
  { additionalProperties: false },
);
export type UpdateAppPolicyBody = Static<typeof updateAppPolicyBody>;

/** What an app allows its users, defaults filled in. */
export const appPolicy = Type.Object({
  tag_limit: tagLimit,
  blocked_external_ids: blockedExternalIds,
  identity_verification: identityVerification,
  audience_guard: Type.Union([audienceGuard, Type.Null()]),
});
export type AppPolicyAnswer = Static<typeof appPolicy>;
