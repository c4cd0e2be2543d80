import type { Channel } from '@carillon/wire';
import type { Identity, SubscriptionPlace } from '../../identity/index.ts';
import type { Audience } from './parse-message.ts';

/** The subscriptions a message is for. */
export interface Targets {
  /** By lane, each list in ascending order; null for everyone reachable. */
  readonly byLane: ReadonlyMap<number, readonly string[]> | null;
  /** How many could be reached when the message was accepted; null for everyone. */
  readonly reachable: number | null;
  /** What the answer tells about targets that exist and are off. */
  readonly unsubscribed: {
    readonly aliases: Readonly<Record<string, readonly string[]>>;
    readonly subscriptionIds: readonly string[];
  };
}

const NOBODY = { aliases: {}, subscriptionIds: [] };

/** Finds out who is meant, in two statements a label, however many there are. */
export async function findTargets(
  identity: Pick<Identity, 'resolveAliases' | 'subscriptionsOf' | 'locateSubscriptions'>,
  appId: string,
  channel: Channel,
  audience: Audience,
): Promise<Targets> {
  switch (audience.kind) {
    case 'everyone':
      return { byLane: null, reachable: null, unsubscribed: NOBODY };
    case 'subscriptions': {
      const places = await identity.locateSubscriptions(appId, audience.ids);
      const ours = places.filter((place) => place.channel === channel);
      const off = ours.filter((place) => !place.reachable).map((place) => place.subscriptionId);
      return targetsOf(ours, { aliases: {}, subscriptionIds: off });
    }
    case 'aliases': {
      const places: SubscriptionPlace[] = [];
      const off: Record<string, string[]> = {};
      for (const [label, values] of Object.entries(audience.aliases)) {
        const users = await identity.resolveAliases(appId, label, [...new Set(values)]);
        const valueOf = new Map([...users].map(([value, user]) => [user.userId, value]));
        for (const place of await identity.subscriptionsOf(appId, [...users.values()], channel)) {
          places.push(place);
          // Once for each subscription that is off, so the same value can come twice: as documented.
          if (!place.reachable) (off[label] ??= []).push(valueOf.get(place.userId) ?? '');
        }
      }
      return targetsOf(places, { aliases: off, subscriptionIds: [] });
    }
  }
}

function targetsOf(places: readonly SubscriptionPlace[], unsubscribed: Targets['unsubscribed']): Targets {
  const byLane = new Map<number, Set<string>>();
  const reachable = new Set<string>();
  for (const { lane, subscriptionId, reachable: on } of places) {
    const ids = byLane.get(lane) ?? new Set();
    byLane.set(lane, ids.add(subscriptionId));
    if (on) reachable.add(subscriptionId);
  }
  const sorted = [...byLane]
    .toSorted(([a], [b]) => a - b)
    .map(([lane, ids]) => [lane, [...ids].toSorted()] as const);
  return { byLane: new Map(sorted), reachable: reachable.size, unsubscribed };
}
