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
    readonly phones: readonly string[];
  };
}

/** Up to this many aliases their recipients are read at once, in a statement shared with other sends. */
const FEW = 50;

const NOBODY = { aliases: {}, subscriptionIds: [], emails: [], phones: [] };

export type TargetSource = Pick<
  Identity,
  'recipientsByAlias' | 'resolveAliases' | 'subscriptionsOf' | 'locateSubscriptions' | 'subscribeAddresses'
>;

/** Whom a message may go to at all. */
export interface Reach {
  readonly appId: string;
  readonly channel: Channel;
  /** Kinds of subscriptions; null for all of the channel. */
  readonly types: readonly string[] | null;
  /** Whoever has unsubscribed is reached too. */
  readonly unsubscribedToo: boolean;
}

/**
 * Finds out who is meant: in one statement for a few aliases, in two a label for any number. Addresses that nobody
 * has are subscribed.
 */
export async function findTargets(
  identity: TargetSource,
  reach: Reach,
  { targeting, source }: Pick<MessageDraft, 'targeting' | 'source'>,
): Promise<Targets> {
  const { appId } = reach;
  switch (targeting.kind) {
    case 'audience':
      // Who is in it is found as it goes out: to count them here would keep every caller waiting.
      if (targeting.audience !== null && isNobody(targeting.audience)) return targetsOf(reach, [], NOBODY);
      return { byLane: null, recipients: null, reachable: null, unsubscribed: NOBODY };
    case 'subscriptions': {
      const places = await identity.locateSubscriptions(appId, targeting.ids);
      const ours = places.filter((place) => isWithin(reach, place));
      const off = ours.filter((place) => isOff(reach, place)).map((place) => place.subscriptionId);
      return targetsOf(reach, ours, { ...NOBODY, subscriptionIds: off });
    }
    case 'addresses': {
      const { type, addresses: tokens } = targeting;
      const places = await identity.subscribeAddresses({ appId, type, tokens, source });
      const off = [...places].filter(([, place]) => isOff(reach, place)).map(([token]) => token);
      return targetsOf(reach, [...places.values()], {
        ...NOBODY,
        [type === 'Email' ? 'emails' : 'phones']: off,
      });
    }
    case 'aliases': {
      const pairs = Object.entries(targeting.aliases).flatMap(([label, values]) =>
        [...new Set(values)].map((value) => ({ label, value })),
      );
      return pairs.length <= FEW
        ? findFew(identity, reach, pairs)
        : findMany(identity, reach, targeting.aliases);
    }
  }
}

async function findFew(
  identity: TargetSource,
  reach: Reach,
  pairs: readonly { readonly label: string; readonly value: string }[],
): Promise<Targets> {
  const { appId, channel } = reach;
  const off: Record<string, string[]> = {};
  const found = await Promise.all(
    pairs.map(async ({ label, value }) => {
      const all = await identity.recipientsByAlias({ appId, channel, label, value });
      const recipients = all.filter((one) => isWithin(reach, one));
      for (const recipient of recipients) if (isOff(reach, recipient)) note(off, label, value);
      return recipients;
    }),
  );
  // Two aliases may name one user, who is meant once.
  const recipients = [...new Map(found.flat().map((one) => [one.subscriptionId, one])).values()];
  return { ...targetsOf(reach, recipients, { ...NOBODY, aliases: off }), recipients };
}

async function findMany(
  identity: TargetSource,
  reach: Reach,
  aliases: Readonly<Record<string, readonly string[]>>,
): Promise<Targets> {
  const { appId, channel } = reach;
  const places: SubscriptionPlace[] = [];
  const off: Record<string, string[]> = {};
  for (const [label, values] of Object.entries(aliases)) {
    const users = await identity.resolveAliases(appId, label, [...new Set(values)]);
    const valueOf = new Map([...users].map(([value, user]) => [user.userId, value]));
    for (const place of await identity.subscriptionsOf(appId, [...users.values()], channel)) {
      if (!isWithin(reach, place)) continue;
      places.push(place);
      if (isOff(reach, place)) note(off, label, valueOf.get(place.userId) ?? '');
    }
  }
  return targetsOf(reach, places, { ...NOBODY, aliases: off });
}

function isWithin({ channel, types }: Reach, place: Pick<SubscriptionPlace, 'type' | 'channel'>): boolean {
  return place.channel === channel && (types === null || types.includes(place.type));
}

function isOff({ unsubscribedToo }: Reach, { reachable }: Pick<SubscriptionPlace, 'reachable'>): boolean {
  return !reachable && !unsubscribedToo;
}

/** Once for each subscription that is off, so the same value can come twice: as documented. */
function note(off: Record<string, string[]>, label: string, value: string): void {
  (off[label] ??= []).push(value);
}

function targetsOf(
  reach: Reach,
  places: readonly SubscriptionPlace[],
  unsubscribed: Targets['unsubscribed'],
): Targets {
  const byLane = new Map<number, Set<string>>();
  const reachable = new Set<string>();
  for (const place of places) {
    const { lane, subscriptionId } = place;
    const ids = byLane.get(lane) ?? new Set();
    byLane.set(lane, ids.add(subscriptionId));
    if (!isOff(reach, place)) reachable.add(subscriptionId);
  }
  const sorted = [...byLane]
    .toSorted(([a], [b]) => a - b)
    .map(([lane, ids]) => [lane, [...ids].toSorted()] as const);
  return { byLane: new Map(sorted), recipients: null, reachable: reachable.size, unsubscribed };
}
