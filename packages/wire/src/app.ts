import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const optionalText = Type.Optional(nullable(Type.String({ maxLength: 2_048 })));

/** What can be set on an app besides its name. Absent leaves what is there, null clears it. */
const settings = {
  chrome_web_origin: optionalText,
  chrome_web_default_notification_icon: optionalText,
  site_name: optionalText,
  safari_site_origin: optionalText,
  safari_icon_256_256: optionalText,
  /** `sandbox` and `development` mean the same; answers say `sandbox`. */
  apns_env: Type.Optional(
    nullable(Type.Union([Type.Literal('production'), Type.Literal('sandbox'), Type.Literal('development')])),
  ),
  additional_data_is_root_payload: Type.Optional(nullable(Type.Boolean())),
};

const secret = Type.Optional(nullable(Type.String({ maxLength: 65_536 })));
const appleId = Type.Optional(nullable(Type.String({ pattern: '^(?:[A-Z0-9]{10})?$' })));

/**
 * Credentials of push. They become the app's provider accounts: null removes one, and what answers show instead of a
 * secret changes nothing.
 */
const credentials = {
  /** The text of the `.p8` file, in base64. */
  apns_p8: secret,
  apns_key_id: appleId,
  apns_team_id: appleId,
  apns_bundle_id: optionalText,
  /** The `.p12` file, in base64, in place of `apns_p8`. */
  apns_p12: secret,
  apns_p12_password: optionalText,
  /** The JSON of the key of a service account, in base64. */
  fcm_v1_service_account_json: secret,
  /** Refused: Google has ended the API that took it. */
  gcm_key: secret,
  /** Refused: Safari takes web push without a certificate. */
  safari_apns_p12: secret,
  safari_apns_p12_password: optionalText,
};

const appName = Type.String({ minLength: 1, maxLength: 128 });

/**
 * Members of the documented app that belong to mobile push and old browsers. Null unless the app has credentials for
 * Apple or Google, whose secrets are masked. Members that typed clients cannot decode as null are left out
 * where there is nothing to tell (`android_gcm_sender_id`, `safari_icon_*`).
 */
export const PUSH_MEMBERS = [
  'gcm_key',
  'fcm_v1_service_account_json',
  'fcm_sender_id',
  'chrome_key',
  'chrome_web_key',
  'chrome_web_gcm_sender_id',
  'chrome_web_sub_domain',
  'apns_certificates',
  'apns_p8',
  'apns_team_id',
  'apns_key_id',
  'apns_bundle_id',
  'safari_apns_certificate',
  'safari_push_id',
  'basic_auth_key',
] as const;

type PushMember = (typeof PUSH_MEMBERS)[number];
const textOrNull = nullable(Type.String());
const pushMembers = Object.fromEntries(PUSH_MEMBERS.map((name) => [name, textOrNull])) as Record<
  PushMember,
  typeof textOrNull
>;

const appChannel = Type.Object({
  enabled: Type.Boolean(),
  platforms: Type.Array(Type.String()),
});

/** POST /apps */
export const createAppBody = Type.Object({
  name: appName,
  organization_id: Type.String({ format: 'uuid' }),
  ...settings,
  ...credentials,
});
export type CreateAppBody = Static<typeof createAppBody>;

/** PUT and PATCH /apps/{app_id}: only what is named changes. */
export const updateAppBody = Type.Object({
  name: Type.Optional(appName),
  /** Clients send back what they read. It must be the app's own. */
  organization_id: Type.Optional(nullable(Type.String({ format: 'uuid' }))),
  ...settings,
  ...credentials,
});
export type UpdateAppBody = Static<typeof updateAppBody>;
export type AppCredentials = Pick<UpdateAppBody, keyof typeof credentials | 'apns_env'>;

/** An app in an answer. */
export const app = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** All subscriptions. Left out by `view=config`. */
  players: Type.Optional(Type.Integer()),
  /** Subscriptions that can be sent to. Left out by `view=config`. */
  messageable_players: Type.Optional(Type.Integer()),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
  organization_id: Type.String(),
  additional_data_is_root_payload: Type.Boolean(),
  apns_env: Type.Union([Type.Literal('production'), Type.Literal('sandbox')]),
  chrome_web_origin: nullable(Type.String()),
  chrome_web_default_notification_icon: nullable(Type.String()),
  site_name: nullable(Type.String()),
  safari_site_origin: nullable(Type.String()),
  safari_icon_256_256: Type.Optional(Type.String()),
  ...pushMembers,
  /** By channel: whether the app can send through it, and to which platforms. Only of a single app. */
  channels: Type.Optional(Type.Record(Type.String(), appChannel)),
});
export type AppChannels = Readonly<Record<string, Static<typeof appChannel>>>;
export type App = Static<typeof app>;
