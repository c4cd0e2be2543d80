import { isDeepStrictEqual } from 'node:util';
import type { Operation } from './operation.ts';
import { changeOptIn } from './change-subscription.ts';
import { mergeUsers, takeAliases } from './join-users.ts';
import { about, inOrderOf, tell, toldTags } from './tell.ts';
import type { Told } from './told.ts';
import { writeUser } from './write-user.ts';
import type { Write, Written } from './write-user.ts';
import type { ModelSubscription, World } from './world.ts';

const NOTHING = { identity: {}, renames: false, tags: {}, entries: [], alive: false } as const;
const NO_SUBSCRIPTION: Told = { status: 404, code: 'subscription-0' };
const NO_USER: Told = { status: 404 };
const REFUSED: Told = { status: 400, code: 'request-invalid' };

/**
 * What an operation does to `world` at `now`, and what it must be answered. `told` is the answer that was
 * got: ids which the server makes are read from it.
 */
export function foretell(world: World, operation: Operation, told: Told, now: number): Told {
  const foretold = happen(world, operation, told, now);
  world.deleteOrphans();
  return foretold;
}

function happen(world: World, operation: Operation, told: Told, now: number): Told {
  const write = (asked: Partial<Write> & Pick<Write, 'address'>) =>
    writeUser(world, { ...NOTHING, ...asked }, told, now);
  switch (operation.do) {
    case 'create user':
      return createUser(world, operation, told, now);
    case 'view user': {
      const user = world.find(operation.user);
      if (user === undefined) return NO_USER;
      return {
        status: 200,
        ...about(user),
        subscriptions: inOrderOf(told, world.of(user.id).map(tell)),
      };
    }
    case 'update user': {
      const written = write({ address: operation.user, tags: operation.tags });
      return written.refused ?? { status: 202, tags: toldTags(operation.tags) };
    }
    case 'count sessions': {
      const { user: address, sessions, id } = operation;
      const written = write({ address, alive: true });
      if (written.refused !== null) return written.refused;
      const { user } = written;
      world.users.set(user.id, { ...user, sessions: user.sessions + sessions });
      const one = world.subscriptions.get(id);
      if (one?.owner === user.id) {
        world.change({ ...one, sessions: one.sessions + sessions, lastActive: now });
      }
      return { status: 202 };
    }
    case 'delete user': {
      const user = world.find(operation.user);
      if (user === undefined) return NO_USER;
      world.deleteUser(user.id);
      return { status: 202, identity: { onesignal_id: user.id } };
    }
    case 'merge': {
      const { from, user: into } = operation;
      const [gone, kept] = [world.find(from), world.find(into)];
      const isItself = gone === undefined ? isDeepStrictEqual(from, into) : gone === kept;
      if (isItself && (gone !== undefined || from.label === 'onesignal_id')) return REFUSED;
      if (gone === undefined || kept === undefined) return NO_USER;
      const dropped = mergeUsers(world, kept, gone, now);
      const user = world.users.get(kept.id) ?? kept;
      const subscriptions = inOrderOf(told, world.of(kept.id).map(tell));
      return { status: 200, ...about(user), subscriptions, dropped };
    }
    case 'add aliases': {
      const { user: address, identity, take } = operation;
      if (!take) return identityAfter(write({ address, identity, renames: true }));
      const user = world.find(address);
      if (user === undefined) return NO_USER;
      return { status: 200, identity: about(takeAliases(world, user, identity)).identity };
    }
    case 'delete alias': {
      const user = world.find(operation.user);
      if (user === undefined) return NO_USER;
      const { [operation.label]: gone, ...aliases } = user.aliases;
      if (gone === undefined) return { status: 404, code: 'alias-not-found' };
      world.users.set(user.id, { ...user, aliases });
      return { status: 200, identity: { onesignal_id: user.id, ...aliases } };
    }
    case 'add subscription': {
      const written = write({ address: operation.user, entries: [operation.subscription] });
      if (written.refused !== null) return { ...written.refused, code: 'subscription-0' };
      const isNew = written.subscriptions[0]?.isNew ?? false;
      return { status: isNew ? 201 : 202, subscriptions: written.subscriptions.map(({ one }) => tell(one)) };
    }
    case 'change subscription':
      return change(world, world.subscriptions.get(operation.id), operation.change, 200);
    case 'change by token': {
      const found = world.findByToken(operation.type, operation.token);
      return change(world, found, operation.change, 202);
    }
    case 'delete subscription':
      return world.subscriptions.delete(operation.id) ? { status: 202 } : NO_SUBSCRIPTION;
    case 'transfer':
      return identityAfter(write({ address: operation.to, entries: [{ id: operation.id }] }));
    case 'view owner': {
      const one = world.subscriptions.get(operation.id);
      if (one === undefined) return NO_SUBSCRIPTION;
      const owner = world.users.get(one.owner);
      return { status: 200, identity: owner && about(owner).identity };
    }
    case 'name owner': {
      const owner = world.subscriptions.get(operation.id)?.owner;
      if (owner === undefined) return NO_SUBSCRIPTION;
      const address = { label: 'onesignal_id', value: owner };
      return identityAfter(write({ address, identity: operation.identity, renames: true }));
    }
  }
}

function createUser(
  world: World,
  operation: Extract<Operation, { do: 'create user' }>,
  told: Told,
  now: number,
): Told {
  const { onesignal_id: id, ...identity } = operation.identity;
  const { tags = {}, subscriptions: entries = [], alive = false } = operation;
  if (id === undefined && Object.keys(identity).length === 0 && entries.length === 0) {
    return { status: 400, code: 'user-3' };
  }
  const address = id === undefined ? null : { label: 'onesignal_id', value: id };
  const written = writeUser(world, { address, identity, renames: false, tags, entries, alive }, told, now);
  if (written.refused !== null) return written.refused;
  const subscriptions = written.subscriptions.map(({ one }) => tell(one));
  return { status: written.created ? 201 : 202, ...about(written.user), subscriptions };
}

function identityAfter(written: Written): Told {
  return written.refused ?? { status: 200, identity: about(written.user).identity };
}

/** A new token must be nobody else's: only creating a subscription takes it from someone. */
function change(
  world: World,
  present: ModelSubscription | undefined,
  asked: Extract<Operation, { do: 'change subscription' }>['change'],
  status: number,
): Told {
  if (present === undefined) return NO_SUBSCRIPTION;
  const token = asked.token ?? present.token;
  const holder = world.findByToken(present.type, token);
  if (holder !== undefined && holder.id !== present.id)
    return { status: 409, code: 'subscription-token-taken' };
  const changed = changeOptIn({ ...present, token }, asked);
  world.subscriptions.set(changed.id, changed);
  return { status, subscriptions: [tell(changed)] };
}
