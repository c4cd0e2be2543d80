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

/** PATCH /apps/{app_id}/policy: only what is named changes, null brings the default back. */
export const updateAppPolicyBody = Type.Object(
  {
    tag_limit: Type.Optional(Type.Union([tagLimit, Type.Null()])),
    blocked_external_ids: Type.Optional(Type.Union([blockedExternalIds, Type.Null()])),
    identity_verification: Type.Optional(identityVerification),
    utm: Type.Optional(Type.Union([links, Type.Null()])),
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
});
export type AppPolicyAnswer = Static<typeof appPolicy>;
