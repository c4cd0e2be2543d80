import { Type } from 'typebox';
import type { Static } from 'typebox';

/** POST /apps/{app_id}/identity_keys */
export const createIdentityKeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    /** Read by the server with words of its own: a union would complain of both forms at once. */
    public_key: Type.Optional(
      Type.Unknown({
        description:
          'The public half of a P-256 key, as PEM text or as a JWK. Left out: the server makes a pair, and tells its private half this once.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CreateIdentityKeyBody = Static<typeof createIdentityKeyBody>;

const shown = {
  id: Type.String(),
  name: Type.String(),
  /** The key's RFC 7638 thumbprint: what an identity token may name in its header. */
  kid: Type.String(),
  /** PEM. */
  public_key: Type.String(),
  /** ISO 8601. */
  created_at: Type.String(),
};

export const identityKey = Type.Object(shown);
export type IdentityKeyAnswer = Static<typeof identityKey>;

/** A new key. `private_key` is there when the server made the pair; it is kept nowhere. */
export const createdIdentityKey = Type.Object({ ...shown, private_key: Type.Optional(Type.String()) });
export type CreatedIdentityKey = Static<typeof createdIdentityKey>;

export const identityKeyList = Type.Object({ identity_keys: Type.Array(identityKey) });
