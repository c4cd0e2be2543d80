import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** What is known of the events of one name. */
export interface EventName {
  readonly name: string;
  /** Events that were taken in. */
  readonly total: number;
  readonly firstSeen: Date | null;
  readonly lastSeen: Date | null;
  readonly sources: readonly string[];
  /** Of the newest event; null when it was about somebody who was erased. */
  readonly lastProperties: Readonly<Record<string, unknown>> | null;
  /** Null: its events are kept. */
  readonly retentionDays: number | null;
}

/** What a process has taken in of one name since it added that last. */
export interface NameTally {
  readonly appId: string;
  readonly name: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly sources: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly userId: string;
}

// In the order of the keys: two processes that add the same names wait for each other instead of deadlocking.
const add = statement(
  'event-names.add',
  `insert into custom_event_names as o
     (app_id, name, total, first_seen, last_seen, sources, last_properties, last_user_id)
   select "appId", name, count, first, last, sources, properties, "userId"
   from jsonb_to_recordset($1::jsonb) as x ("appId" uuid, name text, count bigint, first timestamptz, last timestamptz,
     sources text[], properties jsonb, "userId" uuid)
   order by "appId", name
   on conflict (app_id, name) do update set
     total = o.total + excluded.total,
     first_seen = least(o.first_seen, excluded.first_seen),
     last_seen = greatest(o.last_seen, excluded.last_seen),
     sources = case when o.sources @> excluded.sources then o.sources
       else array(select distinct s from unnest(o.sources || excluded.sources) s order by s) end,
     last_properties = case when o.last_seen > excluded.last_seen then o.last_properties else excluded.last_properties end,
     last_user_id = case when o.last_seen > excluded.last_seen then o.last_user_id else excluded.last_user_id end`,
);

const COLUMNS = `name, total, first_seen as "firstSeen", last_seen as "lastSeen", sources,
  last_properties as "lastProperties", retention_days as "retentionDays"`;

const page = statement(
  'event-names.page',
  `select ${COLUMNS} from custom_event_names
   where app_id = $1 and name > $2 and starts_with(name, $3) order by name limit $4`,
);

const one = statement(
  'event-names.one',
  `select ${COLUMNS} from custom_event_names where app_id = $1 and name = $2`,
);

const setRetention = statement(
  'event-names.set-retention',
  `update custom_event_names set retention_days = $3 where app_id = $1 and name = $2`,
);

const retained = statement(
  'event-names.retained',
  `select app_id as "appId", name, retention_days as days from custom_event_names
   where retention_days is not null order by app_id, name`,
);

const forgetPeople = statement(
  'event-names.forget-people',
  `update custom_event_names set last_properties = null, last_user_id = null
   where app_id = $1 and last_user_id = any($2)`,
);

const erase = statement(
  'event-names.erase',
  `delete from custom_event_names where (app_id, name) in (
     select app_id, name from custom_event_names where app_id = $1 limit $2)`,
);

export async function addTallies(database: Queryable, tallies: readonly NameTally[]): Promise<void> {
  if (tallies.length === 0) return;
  const rows = tallies.map(({ firstAt, lastAt, ...tally }) => ({
    ...tally,
    first: new Date(firstAt),
    last: new Date(lastAt),
  }));
  await database.run(add, [asJson(rows)]);
}

/** In the order of the names, behind `after`. */
export function namesAfter(
  database: Queryable,
  appId: string,
  { after, prefix }: { readonly after: string; readonly prefix: string },
  limit: number,
): Promise<EventName[]> {
  return database.rows<EventName>(page, [appId, after, prefix, limit]);
}

export async function findName(database: Queryable, appId: string, name: string): Promise<EventName | null> {
  return (await database.rows<EventName>(one, [appId, name]))[0] ?? null;
}

/** False when the app has no event of this name. */
export async function keepFor(
  database: Queryable,
  appId: string,
  name: string,
  days: number | null,
): Promise<boolean> {
  return (await database.run(setRetention, [appId, name, days])) === 1;
}

/** The names, of all apps, whose events are not kept for ever. */
export function retainedNames(
  database: Queryable,
): Promise<{ readonly appId: string; readonly name: string; readonly days: number }[]> {
  return database.rows(retained);
}

/** What the newest event of a name said, where it was about these users. How many names. */
export function forgetPeopleOfNames(
  database: Queryable,
  appId: string,
  userIds: readonly string[],
): Promise<number> {
  return database.run(forgetPeople, [appId, userIds]);
}

/** Up to `limit` names of an app; how many went. */
export function eraseNames(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(erase, [appId, limit]);
}
