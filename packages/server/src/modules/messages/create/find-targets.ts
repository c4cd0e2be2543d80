import type { Channel } from '@carillon/wire';
import { isNobody } from '../../audience/index.ts';
import type { Identity, Recipient, SubscriptionPlace } from '../../identity/index.ts';
import type { MessageDraft } from './parse-message.ts';

/** The subscriptions a message is for. */
export interface Targets {
  /** By lane, each list in ascending order; null where an audience is found as the message goes out. */
  readonly byLane: ReadonlyMap<number, readonly string[]> | null;
  /** Those of them that have been read already: all, when there are only a few. */
  readonly recipients: readonly Recipient[] | null;
  /** How many could be reached when the message was accepted; null where nobody has looked. */
  readonly reachable: number | null;
  /** What the answer tells about targets that exist and are off. */
  readonly unsubscribed: {
    readonly aliases: Readonly<Record<string, readonly string[]>>;
    readonly subscriptionIds: readonly string[];
    readonly emails: readonly string[];
  };
}

/** Up to this many aliases their recipients are read at once, in a statement shared with other sends. */
const FEW = 50;

const NOBODY = { aliases: {}, subscriptionIds: [], emails: [] };

export type TargetSource = Pick<
  Identity,
  'recipientsByAlias' | 'resolveAliases' | 'subscriptionsOf' | 'locateSubscriptions' | 'subscribeEmails'
>;

/**
 * Finds out who is meant: in one statement for a few aliases, in two a label for any number. Email addresses that
 * nobody has are subscribed.
 */
export async function findTargets(
  identity: TargetSource,
  appId: string,
  channel: Channel,
  { targeting, source }: Pick<MessageDraft, 'targeting' | 'source'>,
): Promise<Targets> {
  switch (targeting.kind) {
    case 'audience':
      // Who is in it is found as it goes out: to count them here would keep every caller waiting.
      if (targeting.audience !== null && isNobody(targeting.audience)) return targetsOf([], NOBODY);
      return { byLane: null, recipients: null, reachable: null, unsubscribed: NOBODY };
    case 'subscriptions': {
      const places = await identity.locateSubscriptions(appId, targeting.ids);
      const ours = places.filter((place) => place.channel === channel);
      const off = ours.filter((place) => !place.reachable).map((place) => place.subscriptionId);
      return targetsOf(ours, { ...NOBODY, subscriptionIds: off });
    }
    case 'emails': {
      const places = await identity.subscribeEmails(appId, targeting.emails, source);
      const off = [...places].filter(([, place]) => !place.reachable).map(([email]) => email);
      return targetsOf([...places.values()], { ...NOBODY, emails: off });
    }
    case 'aliases': {
      const pairs = Object.entries(targeting.aliases).flatMap(([label, values]) =>
        [...new Set(values)].map((value) => ({ label, value })),
      );
      if (pairs.length <= FEW) return findFew(identity, appId, channel, pairs);
      return findMany(identity, appId, channel, targeting.aliases);
    }
  }
}

async function findFew(
  identity: TargetSource,
  appId: string,
  channel: Channel,
  pairs: readonly { readonly label: string; readonly value: string }[],
): Promise<Targets> {
  const off: Record<string, string[]> = {};
  const found = await Promise.all(
    pairs.map(async ({ label, value }) => {
      const recipients = await identity.recipientsByAlias({ appId, channel, label, value });
      for (const { reachable } of recipients) if (!reachable) note(off, label, value);
      return recipients;
    }),
  );
  // Two aliases may name one user, who is meant once.
  const recipients = [...new Map(found.flat().map((one) => [one.subscriptionId, one])).values()];
  return { ...targetsOf(recipients, { ...NOBODY, aliases: off }), recipients };
}

async function findMany(
  identity: TargetSource,
  appId: string,
  channel: Channel,
  aliases: Readonly<Record<string, readonly string[]>>,
): Promise<Targets> {
  const places: SubscriptionPlace[] = [];
  const off: Record<string, string[]> = {};
  for (const [label, values] of Object.entries(aliases)) {
    const users = await identity.resolveAliases(appId, label, [...new Set(values)]);
    const valueOf = new Map([...users].map(([value, user]) => [user.userId, value]));
    for (const place of await identity.subscriptionsOf(appId, [...users.values()], channel)) {
      places.push(place);
      if (!place.reachable) note(off, label, valueOf.get(place.userId) ?? '');
    }
  }
  return targetsOf(places, { ...NOBODY, aliases: off });
}

/** Once for each subscription that is off, so the same value can come twice: as documented. */
function note(off: Record<string, string[]>, label: string, value: string): void {
  (off[label] ??= []).push(value);
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
  return { byLane: new Map(sorted), recipients: null, reachable: reachable.size, unsubscribed };
}
