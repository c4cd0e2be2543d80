import { Type } from 'typebox';
import type { Static } from 'typebox';

const settings = {
  /** `explicit`: the key works only from the addresses of `ip_allowlist`. */
  ip_allowlist_mode: Type.Optional(Type.Union([Type.Literal('disabled'), Type.Literal('explicit')])),
  /** CIDR notation, IPv4 or IPv6. */
  ip_allowlist: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 256 })),
};

const keyName = Type.String({ minLength: 1, maxLength: 128 });

/** POST /apps/{app_id}/auth/tokens */
export const createApiKeyBody = Type.Object({ name: keyName, ...settings });
export type CreateApiKeyBody = Static<typeof createApiKeyBody>;

/** PATCH /apps/{app_id}/auth/tokens/{token_id}: only what is named changes. */
export const updateApiKeyBody = Type.Object({ name: Type.Optional(keyName), ...settings });
export type UpdateApiKeyBody = Static<typeof updateApiKeyBody>;

/** A key in a list. The secret is never shown again. */
export const apiKey = Type.Object({
  token_id: Type.String(),
  name: Type.String(),
  ip_allowlist_mode: Type.String(),
  ip_allowlist: Type.Array(Type.String()),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
  /** When and from where it last opened something, up to a minute late; null when it never did. */
  last_used_at: Type.Union([Type.String(), Type.Null()]),
  last_used_ip: Type.Union([Type.String(), Type.Null()]),
});
export type ApiKey = Static<typeof apiKey>;

/** A new key: the only time its secret is told. */
export const createdApiKey = Type.Object({ token_id: Type.String(), formatted_token: Type.String() });
export type CreatedApiKey = Static<typeof createdApiKey>;
