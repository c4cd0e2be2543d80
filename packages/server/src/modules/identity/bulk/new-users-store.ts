import { copyPieces } from '../../../platform/database/copy-rows.ts';
import type { CopyRows } from '../../../platform/database/copy-rows.ts';
import { statement } from '../../../platform/database/database.ts';
import type { Database } from '../../../platform/database/database.ts';
import { idBytes, newTimedIdBytes } from '../../../platform/ids.ts';
import type { IdBatch } from '../../../platform/ids.ts';
import type { NewSubscription, NewUser, NewUsers } from './new-user.ts';

/**
 * Users whom nobody knows yet, by COPY into the bare tables: measured against set statements at half the
 * CPU of the database (docs/decisions/2026-11-25-bulk-users-are-copied.md). The keys of aliases and tokens see
 * to it that they really were unknown; a conflict undoes the whole batch.
 *
 * Aliases go before tokens, and both in the order of their keys: that is the order of locks which write_users
 * keeps. All else is new, so nobody waits for it, and goes by lane, which is by page of an index.
 */
const aliases = statement(
  'bulk.aliases',
  'copy aliases (app_id, label, value, lane, user_id) from stdin (format binary)',
);
const users = statement(
  'bulk.users',
  `copy users (lane, id, app_id, external_id, tags, language, timezone_id, country, properties, first_active,
    last_active, updated_at) from stdin (format binary)`,
);
const tokens = statement(
  'bulk.tokens',
  'copy tokens (app_id, type, token, lane, subscription_id, user_id) from stdin (format binary)',
);
const subscriptions = statement(
  'bulk.subscriptions',
  `copy subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types, device,
    session_count, session_time, last_active, consented_at, created_at, updated_at) from stdin (format binary)`,
);
const consents = statement(
  'bulk.consents',
  `copy consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
   from stdin (format binary)`,
);
const changes = statement(
  'bulk.changes',
  `copy user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
   from stdin (format binary)`,
);

/** Thrown out of a transaction that must not be committed. */
class NotAllNew extends Error {}

/** What all rows of a batch share. */
interface Shared {
  readonly ids: IdBatch;
  readonly app: Buffer;
  readonly at: number;
}

/** How a batch fits between others of the same request. */
export interface CopyTurn {
  /** Resolves to whether it may be committed. */
  readonly mayCommit: Promise<boolean>;
  /** Called when all aliases and tokens are held, so that nobody is waited for any more. */
  readonly onKeysHeld: () => void;
}

/**
 * Stores new users of one app in one transaction; throws NotAllNew when it may not be committed. Throws a
 * unique violation (`isUniqueViolation`) when somebody has one of their aliases or tokens. Nothing is stored
 * then.
 */
export function copyNewUsers(
  database: Database,
  { ids, people }: NewUsers,
  at: number,
  { mayCommit, onKeysHeld }: CopyTurn,
): Promise<void> {
  const app = idBytes(people[0]?.write.appId ?? '');
  const shared = { ids, app, at };
  const byLane = people.toSorted((a, b) => a.lane - b.lane);
  const subscribed = byLane.flatMap(heldBy);
  const consenting = subscribed.filter(({ subscription }) => subscription.write.consent !== null);
  let begun = false;
  return database.transaction(async (transaction) => {
    // The next batch may hold keys by now that a second attempt would wait for, and waits for us.
    if (begun) throw new NotAllNew();
    begun = true;
    await transaction.copy(aliases, aliasRows(people, shared));
    await transaction.copy(tokens, tokenRows(subscribed, shared));
    onKeysHeld();
    await transaction.copy(users, userRows(byLane, shared));
    await transaction.copy(subscriptions, subscriptionRows(subscribed, shared));
    if (consenting.length > 0) await transaction.copy(consents, consentRows(consenting, shared));
    await transaction.copy(changes, changeRows(byLane, shared));
    if (!(await mayCommit)) throw new NotAllNew();
  });
}

type Pieces = Iterable<Buffer>;

interface Held {
  readonly person: NewUser;
  readonly subscription: NewSubscription;
}

function heldBy(person: NewUser): Held[] {
  return person.subscriptions.map((subscription) => ({ person, subscription }));
}

function aliasRows(people: readonly NewUser[], { ids, app }: Shared): Pieces {
  const named = people.flatMap((person) => person.write.aliases.map((alias) => ({ alias, person })));
  named.sort((a, b) => inOrder(a.alias.label, b.alias.label) || inOrder(a.alias.value, b.alias.value));
  return copyPieces(5, named, (rows, { alias, person }) => {
    rows.row();
    rows.uuid(app);
    rows.text(alias.label);
    rows.text(alias.value);
    rows.int4(person.lane);
    rows.uuid(ids.bytes, person.id);
  });
}

function userRows(people: readonly NewUser[], { ids, app, at }: Shared): Pieces {
  return copyPieces(12, people, (rows, { id, lane, write }) => {
    const { properties } = write;
    rows.row();
    rows.int4(lane);
    rows.uuid(ids.bytes, id);
    rows.uuid(app);
    textOrNull(rows, write.aliases.find(({ label }) => label === 'external_id')?.value ?? null);
    rows.json(JSON.stringify(properties.tags));
    textOrNull(rows, properties.language);
    textOrNull(rows, properties.timezoneId);
    textOrNull(rows, properties.country);
    rows.json(JSON.stringify(properties.other));
    rows.time(at);
    rows.time(at);
    rows.time(at);
  });
}

function tokenRows(held: readonly Held[], { ids, app }: Shared): Pieces {
  const keyed = held.map(({ person, subscription }) => ({
    person,
    subscription,
    key: keyOf(subscription, ids),
  }));
  keyed.sort(
    (a, b) => inOrder(a.subscription.address.type, b.subscription.address.type) || inOrder(a.key, b.key),
  );
  return copyPieces(6, keyed, (rows, { person, subscription, key }) => {
    rows.row();
    rows.uuid(app);
    rows.text(subscription.address.type);
    rows.text(key);
    rows.int4(person.lane);
    rows.uuid(ids.bytes, subscription.id);
    rows.uuid(ids.bytes, person.id);
  });
}

function subscriptionRows(held: readonly Held[], { ids, app, at }: Shared): Pieces {
  return copyPieces(16, held, (rows, { person, subscription }) => {
    const { address, write } = subscription;
    rows.row();
    rows.int4(person.lane);
    rows.uuid(ids.bytes, subscription.id);
    rows.uuid(app);
    rows.uuid(ids.bytes, person.id);
    rows.text(address.type);
    rows.text(address.channel);
    rows.text(address.token);
    rows.boolean(subscription.enabled);
    rows.int4(subscription.notificationTypes);
    rows.json(JSON.stringify(write.device));
    rows.int4(write.sessionCount ?? 0);
    rows.int8(write.sessionTime ?? 0);
    rows.time(at);
    if (write.consent === null) rows.null();
    else rows.time(write.consent.at);
    rows.time(at);
    rows.time(at);
  });
}

function consentRows(held: readonly Held[], { ids, app, at }: Shared): Pieces {
  return copyPieces(8, held, (rows, { person, subscription }) => {
    const { consent } = subscription.write;
    if (consent === null) return;
    rows.row();
    rows.int4(person.lane);
    rows.uuid(ids.bytes, subscription.id);
    rows.time(consent.at);
    rows.text(consent.source);
    rows.uuid(app);
    rows.boolean(consent.granted);
    textOrNull(rows, consent.wording);
    rows.time(at);
  });
}

function changeRows(people: readonly NewUser[], { ids, app, at }: Shared): Pieces {
  const actorId = people[0]?.history?.actor ?? null;
  const actor = actorId === null ? null : idBytes(actorId);
  return copyPieces(10, people, (rows, { id, lane, history }) => {
    if (history === null) return;
    rows.row();
    rows.int4(lane);
    rows.uuid(ids.bytes, id);
    rows.uuid(newTimedIdBytes(at));
    rows.date(at);
    rows.uuid(app);
    rows.text('created');
    rows.text(history.source);
    if (actor === null) rows.null();
    else rows.uuid(actor);
    rows.json(JSON.stringify(history.changes));
    rows.time(at);
  });
}

/** As subscription_key (migrations/functions). */
function keyOf({ id, address }: NewSubscription, ids: IdBatch): string {
  return address.token === '' ? `\u0001${ids.textOf(id)}` : address.token;
}

function textOrNull(rows: CopyRows, value: string | null): void {
  if (value === null) rows.null();
  else rows.text(value);
}

function inOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
