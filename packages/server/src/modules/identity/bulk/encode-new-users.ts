import { copyPieces } from '../../../platform/database/copy-rows.ts';
import type { CopyRows } from '../../../platform/database/copy-rows.ts';
import { IdBatch, idBytes } from '../../../platform/ids.ts';
import { historyOfWrite } from '../history.ts';
import type { NewSubscription, NewUser, NewUsers } from './new-user.ts';

/** The rows of new users for each table, as pieces of a COPY. */
export interface NewUserRows {
  readonly aliases: readonly Buffer[];
  readonly tokens: readonly Buffer[];
  readonly users: readonly Buffer[];
  readonly subscriptions: readonly Buffer[];
  /** Empty when nobody told of a consent. */
  readonly consents: readonly Buffer[];
  readonly changes: readonly Buffer[];
}

/** What all rows of a batch share. */
interface Shared {
  readonly ids: IdBatch;
  readonly app: Buffer;
  readonly at: number;
}

/**
 * Makes the rows of new users of one app, who are created at `at`. Aliases and tokens come in the order of
 * their keys, that of the locks which write_users takes; all else by lane, which is by page of an index.
 */
export function encodeNewUsers({ ids, people }: NewUsers, at: number): NewUserRows {
  const shared = { ids, app: idBytes(people[0]?.write.appId ?? ''), at };
  const byLane = people.toSorted((a, b) => a.lane - b.lane);
  const subscribed = byLane.flatMap(heldBy);
  const consenting = subscribed.filter(({ subscription }) => subscription.write.consent !== null);
  return {
    aliases: aliasRows(people, shared),
    tokens: tokenRows(subscribed, shared),
    users: userRows(byLane, shared),
    subscriptions: subscriptionRows(subscribed, shared),
    consents: consenting.length > 0 ? consentRows(consenting, shared) : [],
    changes: changeRows(byLane, shared),
  };
}

interface Held {
  readonly person: NewUser;
  readonly subscription: NewSubscription;
}

function heldBy(person: NewUser): Held[] {
  return person.subscriptions.map((subscription) => ({ person, subscription }));
}

function aliasRows(people: readonly NewUser[], { ids, app }: Shared): Buffer[] {
  const named = people.flatMap((person) => person.write.aliases.map((alias) => ({ alias, person })));
  named.sort((a, b) => inOrder(a.alias.label, b.alias.label) || inOrder(a.alias.value, b.alias.value));
  return [
    ...copyPieces(5, named, (rows, { alias, person }) => {
      rows.row();
      rows.uuid(app);
      rows.text(alias.label);
      rows.text(alias.value);
      rows.int4(person.lane);
      rows.uuid(ids.bytes, person.id);
    }),
  ];
}

function userRows(people: readonly NewUser[], { ids, app, at }: Shared): Buffer[] {
  return [
    ...copyPieces(12, people, (rows, { id, lane, write }) => {
      const { properties } = write;
      rows.row();
      rows.int4(lane);
      rows.uuid(ids.bytes, id);
      rows.uuid(app);
      textOrNull(rows, write.aliases.find(({ label }) => label === 'external_id')?.value ?? null);
      rows.json(properties.tags);
      textOrNull(rows, properties.language);
      textOrNull(rows, properties.timezoneId);
      textOrNull(rows, properties.country);
      rows.json(properties.other);
      rows.time(write.life?.since ?? at);
      rows.time(write.life?.lastActive ?? at);
      rows.time(at);
    }),
  ];
}

function tokenRows(held: readonly Held[], { ids, app }: Shared): Buffer[] {
  const keyed = held.map(({ person, subscription }) => ({
    person,
    subscription,
    key: keyOf(subscription, ids),
  }));
  keyed.sort(
    (a, b) => inOrder(a.subscription.address.type, b.subscription.address.type) || inOrder(a.key, b.key),
  );
  return [
    ...copyPieces(6, keyed, (rows, { person, subscription, key }) => {
      rows.row();
      rows.uuid(app);
      rows.text(subscription.address.type);
      rows.text(key);
      rows.int4(person.lane);
      rows.uuid(ids.bytes, subscription.id);
      rows.uuid(ids.bytes, person.id);
    }),
  ];
}

function subscriptionRows(held: readonly Held[], { ids, app, at }: Shared): Buffer[] {
  return [
    ...copyPieces(16, held, (rows, { person, subscription }) => {
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
      rows.json(write.device);
      rows.int4(write.sessionCount ?? 0);
      rows.int8(write.sessionTime ?? 0);
      rows.time(person.write.life?.lastActive ?? at);
      if (write.consent === null) rows.null();
      else rows.time(write.consent.at);
      rows.time(person.write.life?.since ?? at);
      rows.time(at);
    }),
  ];
}

function consentRows(held: readonly Held[], { ids, app, at }: Shared): Buffer[] {
  return [
    ...copyPieces(8, held, (rows, { person, subscription }) => {
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
    }),
  ];
}

function changeRows(people: readonly NewUser[], { ids, app, at }: Shared): Buffer[] {
  const actorId = people[0]?.write.source.keyId ?? null;
  const actor = actorId === null ? null : idBytes(actorId);
  const own = new IdBatch(people.length, at);
  return [
    ...copyPieces(10, people, (rows, { id, lane, write }) => {
      // Made here, and not with the users: it is of no use a moment later.
      const history = historyOfWrite(write);
      if (history === null) return;
      rows.row();
      rows.int4(lane);
      rows.uuid(ids.bytes, id);
      rows.uuid(own.bytes, own.next());
      rows.date(at);
      rows.uuid(app);
      rows.text('created');
      rows.text(history.source);
      if (actor === null) rows.null();
      else rows.uuid(actor);
      rows.json(history.changes);
      rows.time(at);
    }),
  ];
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
  if (a < b) return -1;
  return a === b ? 0 : 1;
}
