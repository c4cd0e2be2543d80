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

/** PATCH /apps/{app_id}/policy: only what is named changes, null brings the default back. */
export const updateAppPolicyBody = Type.Object(
  {
    tag_limit: Type.Optional(Type.Union([tagLimit, Type.Null()])),
    blocked_external_ids: Type.Optional(Type.Union([blockedExternalIds, Type.Null()])),
    identity_verification: Type.Optional(identityVerification),
  },
  { additionalProperties: false },
);
export type UpdateAppPolicyBody = Static<typeof updateAppPolicyBody>;

/** What an app allows its users, defaults filled in. */
export const appPolicy = Type.Object({
  tag_limit: tagLimit,
  blocked_external_ids: blockedExternalIds,
  identity_verification: identityVerification,
});
export type AppPolicyAnswer = Static<typeof appPolicy>;
