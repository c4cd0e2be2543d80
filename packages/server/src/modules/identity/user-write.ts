import type { CreateUserBody } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseIdentity } from './alias.ts';
import type { Alias, UserAddress } from './alias.ts';
import type { ChangeSource } from './change-source.ts';
import type { Deltas } from './deltas.ts';
import { parseSubscription } from './subscription-changes.ts';
import type { SubscriptionWrite } from './subscription-changes.ts';
import { NO_CHANGES, parseProperties } from './user-properties.ts';
import type { PropertyChanges } from './user-properties.ts';
import type { UserPolicy } from './user-policy.ts';
import { refuse } from './text-rule.ts';

/**
 * One write about one user, checked: every change of users, aliases and the owners of subscriptions
 * has this form.
 */
export interface UserWrite {
  readonly appId: string;
  /** Who must already exist; null means the aliases find or create the user. */
  readonly address: UserAddress | null;
  readonly aliases: readonly Alias[];
  /** Whether an external_id that the user already has may be given another value. */
  readonly replaceExternalId: boolean;
  /** Whether this is a sign of life of the person. */
  readonly touch: boolean;
  readonly properties: PropertyChanges;
  readonly deltas: Deltas | null;
  readonly subscriptions: readonly SubscriptionWrite[];
  readonly tagLimit: number;
  readonly source: ChangeSource;
  /** What another system knows of the time before; this moment is both when absent. */
  readonly life?: Life | undefined;
  /**
   * It names nobody, and is about whoever has the first of its subscriptions at that moment; when absent, a new user
   * takes them. Known to bulk writes alone.
   */
  readonly joinsHolder?: boolean;
}

/** When a person and the addresses of a write came, and when they were last seen. Milliseconds since the epoch. */
export interface Life {
  readonly since: number | null;
  readonly lastActive: number | null;
}

/** What every write carries beside what it asks for. */
export interface WriteContext {
  readonly policy: UserPolicy;
  readonly source: ChangeSource;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Subscriptions of one user. One more makes the oldest leave. */
export const SUBSCRIPTION_LIMIT = 20;

/**
 * POST /apps/{app_id}/users. An external_id decides which user it is. Without one, or when it is
 * new, another alias does: its user is then named by the external_id in place, unless it already has
 * a different one. Throws ApiError `user-3`, `request-invalid`, `request-1`, `tag-limit`.
 */
export function parseCreateUser(
  appId: string,
  body: CreateUserBody,
  { policy, source, now }: WriteContext,
): UserWrite {
  const { userId, aliases } = parseIdentity(body.identity, policy.blockedExternalIds);
  const subscriptions = (body.subscriptions ?? []).map((input) => parseSubscription(input, now));
  if (subscriptions.length > SUBSCRIPTION_LIMIT) {
    refuse('subscriptions', `must have at most ${SUBSCRIPTION_LIMIT} entries: a user can have no more`);
  }
  if (userId === null && aliases.length === 0 && subscriptions.length === 0) throw new ApiError('user-3');
  return {
    appId,
    address: userId === null ? null : { by: 'id', id: userId },
    aliases,
    replaceExternalId: false,
    touch: body.refresh_device_metadata ?? false,
    properties: parseProperties(body.properties, policy.tagLimit),
    deltas: null,
    subscriptions,
    tagLimit: policy.tagLimit,
    source,
  };
}

/** A write about an existing user that changes nothing: what routes begin with. */
export function nothingFor(
  appId: string,
  address: UserAddress,
  { policy, source }: Pick<WriteContext, 'policy' | 'source'>,
): UserWrite {
  return {
    appId,
    address,
    aliases: [],
    replaceExternalId: false,
    touch: false,
    properties: NO_CHANGES,
    deltas: null,
    subscriptions: [],
    tagLimit: policy.tagLimit,
    source,
  };
}

export function userNotFound(address: UserAddress): ApiError {
  const { label, value } = address.by === 'alias' ? address : { label: 'onesignal_id', value: address.id };
  return new ApiError('user-not-found', { params: { label, value } });
}
