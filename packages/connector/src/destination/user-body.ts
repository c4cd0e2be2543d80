import type { MappedUser } from '../model/map-user.ts';

/** The body of `POST /users` for a user: with all its properties unless others are given. */
export function userBody(user: MappedUser, properties: object = user.properties) {
  return {
    identity: { external_id: user.externalId, ...user.aliases },
    properties,
    subscriptions: user.subscriptions.map(({ type, token, enabled }) => ({ type, token, enabled })),
  };
}

/** The same for a server that weighs words of consent by their times. */
export function userBodyWithConsent(user: MappedUser) {
  // A word from the future is a mistake of somebody's clock, and would win over all that is said until then.
  const latest = Date.now();
  const subscriptions = user.subscriptions.map(({ type, token, enabled, consentAt = null }) =>
    consentAt === null || consentAt > latest
      ? { type, token, enabled }
      : {
          type,
          token,
          enabled,
          consent: { granted: enabled, at: new Date(consentAt).toISOString(), source: 'connector' },
        },
  );
  return { ...userBody(user), subscriptions };
}

/** One name for an address, however it is written. */
export function addressName({ type, token }: { readonly type: string; readonly token: string }): string {
  return `${type.toLowerCase()} ${token.toLowerCase()}`;
}
