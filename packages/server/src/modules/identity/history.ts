import type { JsonValue } from '../../platform/database/json-bytes.ts';
import type { ChangeSource } from './change-source.ts';
import type { SubscriptionWrite } from './subscription-changes.ts';
import type { PropertyChanges } from './user-properties.ts';
import type { UserWrite } from './user-write.ts';

/** What a row of `user_changes` says beside whom and when it was. */
export interface History {
  /** The way of the change, as in ChangeSource. */
  readonly source: string;
  /** Id of the key. */
  readonly actor: string | null;
  /** What was asked for, under the wire names. */
  readonly changes: Readonly<Record<string, JsonValue>>;
}

export function historyOf(source: ChangeSource, changes: History['changes']): History {
  return { source: source.way, actor: source.keyId, changes };
}

/** Null when there is nothing to tell: signs of life and sessions leave no trace. */
export function historyOfWrite(write: UserWrite): History | null {
  const { properties, aliases, subscriptions, deltas } = write;
  const changes: Record<string, JsonValue> = {};
  if (aliases.length > 0) changes['identity'] = Object.fromEntries(aliases.map((a) => [a.label, a.value]));
  const tags = toldTags(properties);
  if (tags !== null) changes['tags'] = tags;
  if (properties.language !== null) changes['language'] = properties.language;
  if (properties.timezoneId !== null) changes['timezone_id'] = properties.timezoneId;
  if (properties.country !== null) changes['country'] = properties.country;
  Object.assign(changes, properties.other);
  if (subscriptions.length > 0) changes['subscriptions'] = subscriptions.map(toldOf);
  if (deltas !== null && deltas.purchases.length > 0)
    changes['purchases'] = deltas.purchases.map((one) => ({ ...one }));
  return Object.keys(changes).length === 0 ? null : historyOf(write.source, changes);
}

function toldTags({ tags, goneTags }: PropertyChanges): Readonly<Record<string, string>> | null {
  if (goneTags.length > 0) return { ...tags, ...Object.fromEntries(goneTags.map((key) => [key, ''])) };
  return Object.keys(tags).length === 0 ? null : tags;
}

function toldOf({ givenId, address, enabled, notificationTypes }: SubscriptionWrite) {
  const told: Record<string, JsonValue> = {};
  if (givenId !== null) told['id'] = givenId;
  if (address !== null) Object.assign(told, { type: address.type, token: address.token });
  if (enabled !== null) told['enabled'] = enabled;
  if (notificationTypes !== null) told['notification_types'] = notificationTypes;
  return told;
}
