import { makeRoom } from './make-room.ts';
import type { Identity } from './operation.ts';
import type { ModelUser, World } from './world.ts';

/**
 * `kept` gets what `gone` has; where both have something of the same name, that of `kept` stays. Returns the
 * aliases that had no room.
 */
export function mergeUsers(world: World, kept: ModelUser, gone: ModelUser, now: number): Identity {
  const arrived = world.of(gone.id);
  for (const one of arrived) world.change({ ...one, owner: kept.id });
  world.users.delete(gone.id);
  world.users.set(kept.id, {
    ...kept,
    aliases: { ...gone.aliases, ...kept.aliases },
    tags: { ...gone.tags, ...kept.tags },
    sessions: kept.sessions + gone.sessions,
    lastActive: Math.max(kept.lastActive, gone.lastActive),
  });
  makeRoom(world, kept.id, new Set(arrived.map(({ id }) => id)), now);
  const dropped = Object.entries(gone.aliases).filter(([label]) => kept.aliases[label] !== undefined);
  return Object.fromEntries(dropped);
}

/** Gives a user aliases, from whoever has them. */
export function takeAliases(world: World, taker: ModelUser, identity: Identity): ModelUser {
  for (const user of world.users.values()) {
    const left = Object.entries(user.aliases).filter(([label, value]) => identity[label] !== value);
    world.users.set(user.id, { ...user, aliases: Object.fromEntries(left) });
  }
  const richer = { ...taker, aliases: { ...taker.aliases, ...identity } };
  world.users.set(taker.id, richer);
  return richer;
}
