import type { SubscriptionInput, SubscriptionType } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { IdentityToken } from '../../../platform/http/route.ts';
import { isUuid } from '../../../platform/ids.ts';
import { parseToken } from '../address.ts';
import { parseTarget, parseType } from '../subscription-changes.ts';
import { findSubscription, findSubscriptionByToken } from '../subscription-store.ts';
import { channelOf, parseSubscriptionType } from '../subscription-type.ts';
import { beyondToken } from './token-user.ts';
import type { TokenUser } from './token-user.ts';

/**
 * The subscription must be the user's own; where it gets another email address or phone number, the
 * token must say that one. One that does not exist is let through, for the route to say so.
 */
export async function checkOwned(
  database: Queryable,
  user: TokenUser,
  { id, change }: { id: string; change: SubscriptionInput },
): Promise<void> {
  const present = isUuid(id) ? await findSubscription(database, user.appId, id.toLowerCase()) : null;
  if (present === null) return;
  if (!(await user.owns(present.user_id))) {
    throw beyondToken(`subscription ${id}`, 'is not one of the user that its identity names');
  }
  if (change.token === undefined || change.token === null) return;
  const type = parseType(present.type);
  const token = parseToken(type, change.token);
  if (token !== present.token && !isSigned(user, type, token)) throw unsigned(type);
}

/**
 * Email addresses and phone numbers must stand in the token, or be the user's already. Push comes from
 * the device itself, and moves with it to whoever logs in. Throws ApiError `identity-token-scope`, or
 * what is wrong with the subscription.
 */
export async function checkAdded(database: Queryable, user: TokenUser, input: SubscriptionInput) {
  const { givenId, address } = parseTarget(input);
  const { appId } = user;
  if (address !== null && !isSigned(user, address.type, address.token)) {
    const present = await findSubscriptionByToken(database, appId, address.type, address.token);
    if (present === null || !(await user.owns(present.user_id))) throw unsigned(address.type);
  }
  const present = givenId === null ? null : await findSubscription(database, appId, givenId);
  if (present === null) return;
  // The subscription of that id gets the token beside it, whatever type the request says it has.
  const type = parseType(present.type);
  const token = address === null ? present.token : address.token;
  if (isSigned(user, type, token)) return;
  if (token !== present.token || !(await user.owns(present.user_id))) throw unsigned(type);
}

function unsigned(type: string): ApiError {
  return beyondToken(
    'subscription.token',
    `of type ${type} must be in its subscriptions: sign one with {"type": "${type}", "token": <the address>}`,
  );
}

function isSigned({ token: { subscriptions } }: TokenUser, type: SubscriptionType, token: string): boolean {
  if (channelOf(type) === 'push') return true;
  return subscriptions.some((signed) => signedToken(signed, type) === token);
}

/** The address that a token says, in its one spelling; null when it is of another type, or none. */
function signedToken(
  { type, token }: IdentityToken['subscriptions'][number],
  wanted: SubscriptionType,
): string | null {
  if (parseSubscriptionType(type) !== wanted) return null;
  try {
    return parseToken(wanted, token);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
