import type { AddAliasesBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Principal } from '../../platform/http/route.ts';
import { isUuid } from '../../platform/ids.ts';
import { parseAddress } from './alias.ts';
import type { UserAddress } from './alias.ts';

/**
 * The user that a path names. Device SDKs have no key and name users by onesignal_id, which nobody can
 * guess; the other labels can be guessed, so they take a key. Throws ApiError `auth-1`, `request-1`.
 */
export function addressOf(request: {
  readonly principal: Principal;
  readonly params: { readonly alias_label: string; readonly alias_id: string };
}): UserAddress {
  const { alias_label: label, alias_id: value } = request.params;
  if (request.principal.kind === 'anonymous' && label !== 'onesignal_id') throw new ApiError('auth-1');
  return parseAddress(label, value);
}

/** The subscription that a path names. Throws ApiError `request-1`. */
export function subscriptionIdOf(request: { readonly params: { readonly subscription_id: string } }): string {
  const id = request.params.subscription_id;
  if (!isUuid(id)) throw new ApiError('request-1', { meta: { subscription_id: id } });
  return id.toLowerCase();
}

/** The subscription whose session a request tells of: a header of device SDKs. */
export function sessionOf(request: {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}): string | undefined {
  const header = request.headers['onesignal-subscription-id'];
  return typeof header === 'string' ? header : undefined;
}

/** Whoever takes an alias from another user takes the user's future messages: a device may not. */
export function bodyFor(principal: Principal, body: AddAliasesBody): AddAliasesBody {
  const hasKey = principal.kind === 'app-key' || principal.kind === 'organization-key';
  if (body.take === true && !hasKey) throw new ApiError('auth-1');
  return body;
}
