import { ApiError } from '../../../platform/http/api-error.ts';
import type { Identity } from '../../identity/index.ts';
import { parseAddress } from '../../identity/index.ts';
import type { KnownUser } from './past-store.ts';

export interface NamedUser extends KnownUser {
  readonly lane: number;
}

/** The users that aliases name, each once, in the order of their ids. Throws ApiError `user-not-found`, `request-invalid`. */
export async function findNamed(
  identity: Pick<Identity, 'resolveAliases' | 'users'>,
  appId: string,
  aliases: readonly { readonly label: string; readonly value: string }[],
): Promise<NamedUser[]> {
  const found = new Map<string, NamedUser>();
  for (const { label, value } of aliases) {
    const place = (await identity.resolveAliases(appId, label, [value])).get(value);
    if (place === undefined) throw new ApiError('user-not-found', { params: { label, value } });
    const { identity: names } = await identity.users.view(appId, parseAddress(label, value));
    found.set(place.userId, { ...place, externalId: names['external_id'] ?? null });
  }
  return [...found.values()].toSorted((a, b) => (a.userId < b.userId ? -1 : 1));
}
