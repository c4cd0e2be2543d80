import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import { digest } from './canonical.ts';
import { diffUser, userDigest, userHash } from './diff-user.ts';
import type { UserChange } from './diff-user.ts';
import type { ConsentsKept } from './known-consent.ts';
import type { MappedUser } from './mapped-user.ts';
import { withConsent } from './with-consent.ts';

type Entry = readonly [key: string, value: string];

/** What a look at a row comes to. */
export interface JudgedUser {
  /** As the destination should have it. */
  readonly user: MappedUser;
  readonly change: UserChange;
  /** To be kept whatever becomes of the request. */
  readonly notes: readonly Entry[];
  /** To be kept when the destination has said yes. */
  readonly acknowledgement: readonly Entry[];
}

/**
 * Pure: what is to be sent of a user, by what was acknowledged and what the messaging layer has told.
 * What people say there changes the destination behind the back of what it has acknowledged, so that
 * being equal to that means nothing until a request was made with that word in mind. `get` reads what
 * the home keeps; `readAt` is a moment before the row was read; `consents` is null in a home that keeps none, which
 * saves four looks at most people.
 */
export function judgeUser(
  model: UsersModel<Row>,
  target: string,
  mapped: MappedUser,
  get: (digest: string) => string | null,
  readAt: number,
  consents: ConsentsKept = get,
): JudgedUser {
  const { user, notes, told } = withConsent(model, target, mapped, consents, readAt);
  const kept = userDigest(target, user.key);
  const hash = userHash(user);
  const change = diffUser(get(kept), hash);
  const acknowledged: Entry = [kept, hash];
  // Most people never say anything.
  if (told === null) return { user, change, notes, acknowledgement: [acknowledged] };
  const heeded = digest(`heeded\u0000${target}\u0000${user.key}`, 32);
  const isHeeded = get(heeded) === told;
  return {
    user,
    change: isHeeded || change.kind === 'new' ? change : withSubscriptions(change),
    notes,
    acknowledgement: [acknowledged, [heeded, told]],
  };
}

function withSubscriptions(change: UserChange): UserChange {
  return { kind: 'changed', properties: change.kind === 'changed' && change.properties, subscriptions: true };
}
