import { changeOptIn, optInOf } from './change-subscription.ts';
import { makeRoom } from './make-room.ts';
import type { Address, Entry, Identity, Tags } from './operation.ts';
import type { Told } from './told.ts';
import type { ModelSubscription, ModelUser, World } from './world.ts';

/** The common part of all writes about one user. */
export interface Write {
  /** Who must exist already; null means the aliases find or make the user. */
  readonly address: Address | null;
  readonly identity: Identity;
  /** Whether a user that has an external_id may get another one. */
  readonly renames: boolean;
  readonly tags: Tags;
  readonly entries: readonly Entry[];
  readonly alive: boolean;
}

export type Written =
  | { readonly refused: Told }
  | {
      readonly refused: null;
      readonly created: boolean;
      readonly user: ModelUser;
      /** One for each entry, as it is now, and whether it did not exist before. */
      readonly subscriptions: readonly { readonly one: ModelSubscription; readonly isNew: boolean }[];
    };

/** Does a write to `world`, or refuses it and changes nothing. Ids that it makes are those that were told. */
export function writeUser(world: World, write: Write, told: Told, now: number): Written {
  const present = findUser(world, write);
  if (write.address !== null && present === undefined) return refusal(404);
  const conflicts = conflictsOf(world, write, present);
  if (Object.keys(conflicts).length > 0) return refusal(409, 'user-2', conflicts);
  const missing = write.entries.some((entry) => 'id' in entry && !world.subscriptions.has(entry.id));
  if (missing) return refusal(404, 'subscription-0');

  const before = present ?? {
    id: freshUser(world, told),
    aliases: {},
    tags: {},
    sessions: 0,
    lastActive: now,
  };
  const user = {
    ...before,
    aliases: { ...before.aliases, ...write.identity },
    tags: mergeTags(before.tags, write.tags),
    lastActive: write.alive ? now : before.lastActive,
  };
  world.users.set(user.id, user);
  const subscriptions = giveSubscriptions(world, user.id, write, told, now);
  return { refused: null, created: present === undefined, user, subscriptions };
}

/** An external_id says who it is; when nobody has it, the first of the other labels that somebody has. */
function findUser(world: World, { address, identity }: Write): ModelUser | undefined {
  if (address !== null) return world.find(address);
  const labels = Object.keys(identity).toSorted(
    (a, b) => Number(b === 'external_id') - Number(a === 'external_id') || (a < b ? -1 : 1),
  );
  for (const label of labels) {
    const found = world.find({ label, value: identity[label] ?? '' });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Aliases that are somebody else's; and what led to a user whose name is another one than the given. */
function conflictsOf(world: World, write: Write, user: ModelUser | undefined): Identity {
  const { address, identity, renames } = write;
  const asked = identity['external_id'];
  const misnamed =
    asked !== undefined &&
    user?.aliases['external_id'] !== undefined &&
    !renames &&
    user.aliases['external_id'] !== asked;
  const conflicts = Object.entries(identity).filter(([label, value]) => {
    const owner = world.find({ label, value });
    if (owner !== undefined && owner.id !== user?.id) return true;
    return misnamed && (owner !== undefined || (address !== null && label === 'external_id'));
  });
  return Object.fromEntries(conflicts);
}

function giveSubscriptions(world: World, owner: string, write: Write, told: Told, now: number) {
  const touched = new Set<string>();
  const given = write.entries.map((entry, position) => {
    const known =
      'id' in entry ? world.subscriptions.get(entry.id) : world.findByToken(entry.type, entry.token);
    const one = known ?? newSubscription(world, entry, told.subscriptions?.[position]?.id, now);
    // Named twice in one request, the first word counts.
    if (!touched.has(one.id)) {
      const moved = { ...one, owner, lastActive: write.alive ? now : one.lastActive };
      world.change(known === undefined ? moved : changeOptIn(moved, entry));
    }
    touched.add(one.id);
    return { id: one.id, isNew: known === undefined };
  });
  makeRoom(world, owner, touched, now);
  return given.map(({ id, isNew }) => ({ one: world.subscriptions.get(id) as ModelSubscription, isNew }));
}

function newSubscription(world: World, entry: Entry, id: string | undefined, now: number): ModelSubscription {
  const { type, token } = entry as Extract<Entry, { type: string }>;
  const fresh = id === undefined || world.subscriptions.has(id) ? 'a new subscription' : id;
  const times = { lastActive: now, createdAt: now };
  return { id: fresh, owner: '', type, token, ...optInOf(token, entry), sessions: 0, ...times };
}

function freshUser(world: World, { identity }: Told): string {
  const id = identity?.['onesignal_id'];
  return id === undefined || world.users.has(id) ? 'a new user' : id;
}

export function mergeTags(tags: Tags, changes: Tags): Tags {
  return Object.fromEntries(Object.entries({ ...tags, ...changes }).filter(([, value]) => value !== ''));
}

function refusal(status: number, code?: string, conflicts?: Identity): { readonly refused: Told } {
  return { refused: { status, code, conflicts } };
}
