import type { MappedUser } from '../model/map-user.ts';

/** The body of `POST /users` for a user: with all its properties unless others are given. */
export function userBody(user: MappedUser, properties: object = user.properties) {
  return {
    identity: { external_id: user.externalId, ...user.aliases },
    properties,
    subscriptions: user.subscriptions.map(({ type, token, enabled }) => ({ type, token, enabled })),
  };
}

/** One name for an address, however it is written. */
export function addressName({ type, token }: { readonly type: string; readonly token: string }): string {
  return `${type.toLowerCase()} ${token.toLowerCase()}`;
}
