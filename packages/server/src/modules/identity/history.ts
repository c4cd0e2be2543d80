import type { ChangeSource } from './change-source.ts';
import type { SubscriptionWrite } from './subscription-changes.ts';
import type { UserWrite } from './user-write.ts';

/** What a row of `user_changes` says beside whom and when it was. */
export interface History {
  /** The way of the change, as in ChangeSource. */
  readonly source: string;
  /** Id of the key. */
  readonly actor: string | null;
  /** What was asked for, under the wire names. */
  readonly changes: Readonly<Record<string, unknown>>;
}

export function historyOf(source: ChangeSource, changes: History['changes']): History {
  return { source: source.way, actor: source.keyId, changes };
}

/** Null when there is nothing to tell: signs of life and sessions leave no trace. */
export function historyOfWrite(write: UserWrite): History | null {
  const { properties, aliases, subscriptions, deltas } = write;
  const tags = { ...properties.tags, ...Object.fromEntries(properties.goneTags.map((key) => [key, ''])) };
  const changes = {
    ...(aliases.length > 0 && { identity: Object.fromEntries(aliases.map((a) => [a.label, a.value])) }),
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(properties.language !== null && { language: properties.language }),
    ...(properties.timezoneId !== null && { timezone_id: properties.timezoneId }),
    ...(properties.country !== null && { country: properties.country }),
    ...properties.other,
    ...(subscriptions.length > 0 && { subscriptions: subscriptions.map(toldOf) }),
    ...(deltas !== null && deltas.purchases.length > 0 && { purchases: deltas.purchases }),
  };
  return Object.keys(changes).length === 0 ? null : historyOf(write.source, changes);
}

function toldOf({ givenId, address, enabled, notificationTypes }: SubscriptionWrite) {
  return {
    ...(givenId !== null && { id: givenId }),
    ...(address !== null && { type: address.type, token: address.token }),
    ...(enabled !== null && { enabled }),
    ...(notificationTypes !== null && { notification_types: notificationTypes }),
  };
}
