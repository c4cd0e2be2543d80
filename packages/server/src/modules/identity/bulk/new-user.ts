import { IdBatch } from '../../../platform/ids.ts';
import { ALIAS_LIMIT } from '../alias.ts';
import type { Address, SubscriptionWrite } from '../subscription-changes.ts';
import type { UserWrite } from '../user-write.ts';

/** Users who do not exist yet, with ids: what plain writes become. */
export interface NewUsers {
  readonly ids: IdBatch;
  readonly people: readonly NewUser[];
}

/** Ids are places in the batch of ids. */
export interface NewUser {
  readonly id: number;
  readonly lane: number;
  readonly write: UserWrite;
  readonly subscriptions: readonly NewSubscription[];
}

export interface NewSubscription {
  readonly id: number;
  readonly address: Address;
  readonly enabled: boolean;
  readonly notificationTypes: number;
  readonly write: SubscriptionWrite;
}

/**
 * True when, nobody that it names being known, the write makes one user and asks nothing else of the
 * rules of write_users. The others go there.
 */
export function isPlain({ address, aliases, subscriptions }: UserWrite): boolean {
  if (address !== null || aliases.length > ALIAS_LIMIT) return false;
  const [only] = subscriptions;
  if (only === undefined) return true;
  if (subscriptions.length === 1) return only.givenId === null && only.address !== null;
  const keys = new Set<string>();
  for (const { givenId, address } of subscriptions) {
    if (givenId !== null || address === null) return false;
    if (address.token !== '') keys.add(`${address.type} ${address.token}`);
    else keys.add(`${address.type} ${keys.size}`);
  }
  return keys.size === subscriptions.length;
}

/** Gives ids to plain writes that are stored together. */
export function makeNewUsers(writes: readonly UserWrite[], now: number): NewUsers {
  const ids = new IdBatch(
    writes.reduce((count, { subscriptions }) => count + 1 + subscriptions.length, 0),
    now,
  );
  const people = writes.map((write) => {
    const id = ids.next();
    const lane = ids.laneOf(id);
    const subscriptions: NewSubscription[] = [];
    for (const subscription of write.subscriptions) {
      if (subscription.address === null) continue;
      subscriptions.push(newSubscription(ids.nextInLane(lane), subscription, subscription.address));
    }
    return { id, lane, write, subscriptions };
  });
  return { ids, people };
}

/** What opt_in_reason (migrations/functions) says of a subscription that begins. */
function newSubscription(id: number, write: SubscriptionWrite, address: Address): NewSubscription {
  const { enabled, notificationTypes: asked } = write;
  return {
    id,
    address,
    enabled: enabled ?? (asked === null ? true : asked > 0),
    notificationTypes: reasonOf(enabled, asked, address.token === '' ? 0 : 1),
    write,
  };
}

function reasonOf(enabled: boolean | null, asked: number | null, present: number): number {
  if (enabled === null) return asked ?? present;
  if (enabled) return asked ?? Math.max(present, 1);
  if (asked !== null && asked <= 0) return asked;
  return present <= 0 ? present : -31;
}
