import type { ModelSubscription, World } from './world.ts';

const MOST = 20;
const STAY = 3;

/**
 * Of more than twenty subscriptions the oldest by last session leave, each to a fresh anonymous user. What
 * has just arrived stays if it can, and so do the newest three of email and of SMS.
 */
export function makeRoom(world: World, owner: string, arrived: ReadonlySet<string>, now: number): void {
  const own = world.of(owner);
  const kept = new Set(['Email', 'SMS'].flatMap((type) => newest(own.filter((one) => one.type === type))));
  const order = own.toSorted(
    (a, b) =>
      Number(arrived.has(a.id)) - Number(arrived.has(b.id)) ||
      Number(kept.has(a.id)) - Number(kept.has(b.id)) ||
      a.lastActive - b.lastActive ||
      a.createdAt - b.createdAt ||
      (a.id < b.id ? -1 : 1),
  );
  for (const one of order.slice(0, Math.max(0, own.length - MOST))) {
    const id = strangerWith(one.id);
    world.users.set(id, { id, aliases: {}, tags: {}, sessions: 0, lastActive: now });
    world.change({ ...one, owner: id });
  }
}

/** No answer tells the ids of those whom subscriptions have left to: they are read from `stored`. */
export function meetStrangers(world: World, stored: World): void {
  for (const one of world.subscriptions.values()) {
    const id = stored.subscriptions.get(one.id)?.owner;
    const stranger = world.users.get(strangerWith(one.id));
    if (id === undefined || stranger === undefined || world.users.has(id)) continue;
    world.users.delete(stranger.id);
    world.users.set(id, { ...stranger, id });
    for (const own of world.of(stranger.id)) world.change({ ...own, owner: id });
  }
}

function strangerWith(subscription: string): string {
  return `whoever got ${subscription}`;
}

function newest(subscriptions: readonly ModelSubscription[]): string[] {
  const order = subscriptions.toSorted(
    (a, b) => b.lastActive - a.lastActive || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1),
  );
  return order.slice(0, STAY).map(({ id }) => id);
}
