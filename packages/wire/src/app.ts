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

const appName = Type.String({ minLength: 1, maxLength: 128 });

/** POST /apps */
export const createAppBody = Type.Object({
  name: appName,
  organization_id: Type.String({ format: 'uuid' }),
  ...settings,
});
export type CreateAppBody = Static<typeof createAppBody>;

/** PUT and PATCH /apps/{app_id}: only what is named changes. */
export const updateAppBody = Type.Object({ name: Type.Optional(appName), ...settings });
export type UpdateAppBody = Static<typeof updateAppBody>;

/** An app in an answer. The legacy push keys are always null. */
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
  safari_icon_256_256: nullable(Type.String()),
  basic_auth_key: Type.Null(),
  gcm_key: Type.Null(),
});
export type App = Static<typeof app>;
