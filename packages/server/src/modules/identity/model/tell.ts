import type { Tags } from './operation.ts';
import type { Told, ToldSubscription } from './told.ts';
import type { ModelSubscription, ModelUser } from './world.ts';

/** What an answer says of a user. */
export function about({ id, aliases, tags, sessions }: ModelUser) {
  return {
    identity: { onesignal_id: id, ...aliases },
    tags,
    sessions: sessions === 0 ? undefined : sessions,
  };
}

export function tell(one: ModelSubscription): ToldSubscription {
  const { owner: _owner, lastActive: _lastActive, createdAt: _createdAt, ...told } = one;
  return told;
}

/** In which order a user's subscriptions are shown is not foretold. */
export function inOrderOf(
  { subscriptions = [] }: Told,
  own: readonly ToldSubscription[],
): ToldSubscription[] {
  const place = new Map(subscriptions.map(({ id }, index) => [id, index]));
  return own.toSorted((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

/** Absent when none were sent. */
export function toldTags(tags: Tags) {
  return Object.keys(tags).length > 0 ? tags : undefined;
}
