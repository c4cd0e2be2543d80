import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { ErasedCounts, lanesOfPeople } from './personal-data/lanes-of-people.ts';
import type { PersonalData } from './personal-data/personal-data.ts';

// Of apps that are watched, whoever writes about a user notes it down in the same transaction, and behind the
// write. Whether the app is watched is asked anew at that moment, by functions or by a statement of its own,
// never by the snapshot of the write: so a writer that does not see the watch had its transaction id before the
// watch was committed, and whoever watches can wait for it (`writersBefore`).

/** Which changes of users count in an app. */
export interface WatchedApp {
  /** Custom events of these names do. */
  readonly eventNames: readonly string[];
  /** What happens to messages does. */
  readonly messageEvents: boolean;
}

/**
 * SQL for a statement that stores custom events: `with ..., stored (lane, app_id, user_id, name) as (insert ...
 * returning ...), ${noteChangesByEvents('stored', '$2')} select ...`. `at` stands for the time.
 */
export function noteChangesByEvents(stored: string, at: `$${number}`): string {
  return `event_apps as materialized (
     select a.app_id, watched_events(a.app_id) as names from (select distinct app_id from ${stored}) a),
   changed as (
     insert into changed_users (lane, app_id, user_id, active, at)
     select distinct s.lane, s.app_id, s.user_id, false, ${at}::timestamptz
     from ${stored} s join event_apps w on w.app_id = s.app_id where s.name = any (w.names))`;
}

/**
 * SQL for a statement that stores what happened to messages: `rows` selects lane, app_id and user_id of what it has
 * stored, `written` is a CTE that writes, has an app_id, and is empty where nothing was stored.
 */
export function noteChangesByMessages(rows: string, written: string, at: string): string {
  return `message_apps as materialized (
     select a.app_id from (select distinct app_id from ${written}) a where watches_messages(a.app_id)),
   changed as (
     insert into changed_users (lane, app_id, user_id, active, at)
     select distinct r.lane, r.app_id, r.user_id, false, ${at}::timestamptz from (${rows}) r
     where (select count(*) from message_apps) > 0 and r.user_id is not null
       and r.app_id in (select app_id from message_apps))`;
}

const note = statement(
  'changes.note',
  `insert into changed_users (lane, app_id, user_id, active, at)
   select lane_of(u.id), w.app_id, u.id, false, $3
   from watched_apps w cross join unnest($2::uuid[]) u (id) where w.app_id = $1`,
);

const isWatched = statement('changes.is-watched', `select app_id from watched_apps where app_id = $1`);

/**
 * Notes down users of an app who are new or others, behind the writes of a transaction; `ids` are asked for only where
 * it is watched.
 */
export async function noteChangedUsers(
  transaction: Queryable,
  appId: string,
  ids: () => readonly string[],
  at: number,
): Promise<void> {
  const watched = await transaction.rows(isWatched, [appId]);
  if (watched.length > 0) await transaction.run(note, [appId, ids(), new Date(at)]);
}

const watch = statement(
  'changes.watch',
  `insert into watched_apps (app_id, event_names, message_events) values ($1, $2, $3)
   on conflict (app_id) do update set event_names = excluded.event_names, message_events = excluded.message_events`,
);

const unwatch = statement('changes.unwatch', `delete from watched_apps where app_id = $1`);

/** From the commit on, and for whoever waits for the writers before it, all changes of the app's users are noted. */
export async function watchApp(
  transaction: Queryable,
  appId: string,
  { eventNames, messageEvents }: WatchedApp,
): Promise<void> {
  await transaction.run(watch, [appId, eventNames, messageEvents]);
}

/** Nothing is noted any more. */
export async function unwatchApp(transaction: Queryable, appId: string): Promise<void> {
  await transaction.run(unwatch, [appId]);
}

/** A user who has changed since somebody looked. */
export interface ChangedUser {
  readonly lane: number;
  readonly id: number;
  readonly appId: string;
  readonly userId: string;
  /** When, if their last session is this one. */
  readonly activeAt: Date | null;
}

const read = statement(
  'changes.read',
  `select lane, id, app_id as "appId", user_id as "userId", case when active then at end as "activeAt"
   from changed_users where lane = any($1) order by id limit $2`,
);

/** The oldest of some lanes. Read their users after it: then what is read is not older than the change. */
export function readChangedUsers(
  database: Queryable,
  lanes: readonly number[],
  limit: number,
): Promise<ChangedUser[]> {
  return database.rows(read, [lanes, limit]);
}

/** SQL that takes rows away by their ids, in the statement that writes what came of them: `where ...` narrows it. */
export function takeChangedUsers(ids: `$${number}`, condition: string): string {
  return `delete from changed_users where id = any(${ids}::bigint[]) and ${condition} returning id`;
}

const eraseOfUsers = statement(
  'changes.erase-of-users',
  `with gone as (delete from changed_users where lane = $1 and user_id = any($2) returning user_id)
   select user_id as "userId", count(*)::int as rows from gone group by user_id`,
);

/** Who has changed and was not looked at yet. A row says so, and nothing else. */
export function changedUserData(database: Queryable): PersonalData {
  return {
    name: 'changed_users',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users } of lanesOfPeople(people)) {
        const gone = await database.rows<{ userId: string; rows: number }>(eraseOfUsers, [lane, users]);
        for (const { userId, rows } of gone) counts.add([userId], rows);
      }
      return counts.results();
    },
  };
}
