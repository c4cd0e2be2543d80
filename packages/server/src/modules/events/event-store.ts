import type { CustomEventProperties } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { TELL_HAPPENED } from '../feed/index.ts';
import { noteChangesByEvents } from '../identity/index.ts';
import { appendInbox } from '../lanes/index.ts';

/** The kind of an event's row in the inbox. Its payload is an `InboxEvent`. */
export const EVENT_KIND = 'event';

/** What the owner of a lane gets to know of a custom event. */
export interface InboxEvent {
  readonly id: string;
  readonly name: string;
  readonly properties: CustomEventProperties;
}

export interface EventRow {
  readonly lane: number;
  readonly app_id: string;
  readonly user_id: string;
  readonly id: string;
  readonly key: string | null;
  readonly name: string;
  readonly properties: CustomEventProperties;
  /** ISO 8601. */
  readonly at: string;
  /** Who told of it. */
  readonly source: EventSource;
}

export type EventSource = 'api' | 'device';

// The event, its inbox row and, where it is wanted, its place in the feed in one statement: an event that is
// stored is always worked. Keys are inserted in sorted order, so that two batches with the same keys wait for each other instead of
// deadlocking; an event whose key is already there is dropped.
const store = statement(
  'events.store',
  `with x as materialized (
     select * from rows from (jsonb_to_recordset($1::jsonb) as (
       lane int, app_id uuid, user_id uuid, id uuid, key uuid, name text, properties jsonb, at timestamptz, source text)
     ) with ordinality as x (lane, app_id, user_id, id, key, name, properties, at, source, n)),
   k as (
     insert into custom_event_keys (app_id, key, received_at)
     select app_id, key, $2 from x where key is not null order by app_id, key
     on conflict do nothing returning app_id, key),
   fresh as materialized (
     select * from x where key is null or (app_id, key) in (select app_id, key from k)),
   e as (
     insert into custom_events (lane, received_at, id, app_id, user_id, name, properties, at, source)
     select lane, $2, id, app_id, user_id, name, properties, at, source from fresh
     returning lane, app_id, user_id, name),
   ${noteChangesByEvents('e', '$2')},
   happened as (
     select lane, app_id, 'custom_events' as topic, n, id, 'custom_event' as kind, user_id, null::uuid as subscription_id,
       at, jsonb_build_object('name', name, 'properties', properties) as data, $2::timestamptz as written_at
     from fresh),
   ${TELL_HAPPENED},
   inbox as (
     ${appendInbox(`
     select lane, app_id, user_id, '${EVENT_KIND}',
       jsonb_build_object('id', id, 'name', name, 'properties', properties), at
     from fresh order by n`)})
   select array(select id from x where key is not null and (app_id, key) not in (select app_id, key from k)) as known,
     exists (select from news) as "isTold"`,
);

const forgetKeys = statement('events.forget-keys', `delete from custom_event_keys where received_at < $1`);

/** What came of a batch. */
export interface StoredEvents {
  /** Ids of those that were there already, by their keys. */
  readonly known: readonly string[];
  /** The feed tells of any. */
  readonly isTold: boolean;
}

/** Stores a batch. Keys must not repeat within it. */
export async function storeEvents(
  database: Queryable,
  events: readonly EventRow[],
  receivedAt: number,
): Promise<StoredEvents> {
  const [row] = await database.rows<StoredEvents>(store, [asJson(events), new Date(receivedAt)]);
  return row ?? { known: [], isTold: false };
}

/** Drops the idempotency keys of events received before `before`, in milliseconds. */
export function forgetEventKeys(database: Queryable, before: number): Promise<number> {
  return database.run(forgetKeys, [new Date(before)]);
}
