import { statement } from '@carillon/server';
import type { Queryable } from '@carillon/server';

// The lane of an id is its last byte (256 lanes).
const users = statement(
  'bench.users',
  `insert into users (lane, id, app_id, external_id, first_active, last_active, updated_at)
   select get_byte(uuid_send(id), 15), id, $1, 'user-' || n, now(), now(), now()
   from (select gen_random_uuid() as id, n from generate_series(1, $2::int) n) u`,
);

const aliases = statement(
  'bench.aliases',
  `insert into aliases (app_id, label, value, lane, user_id) select app_id, 'external_id', external_id, lane, id from users`,
);

const subscriptions = statement(
  'bench.subscriptions',
  `insert into subscriptions (lane, id, app_id, user_id, type, channel, token, last_active, created_at, updated_at)
   select lane, gen_random_uuid(), app_id, id, 'Email', 'email', external_id || '@example.com', now(), now(), now() from users`,
);

// Chosen first, then given their times: beside `order by random()`, `random() as r` is the very value that
// is ordered by, and the first 20,000 of 50,000 would all come due in the first two fifths of the time.
const runs = statement(
  'bench.runs',
  `insert into journey_runs (lane, id, app_id, journey_id, user_id, version, node, rev, wake_at, context, started_at)
   select u.lane, gen_random_uuid(), u.app_id, $1, u.id, 1, 1, 1, $3::timestamptz + u.r * $4::float8 * interval '1 millisecond',
     '{"events":[{"id":"00000000-0000-4000-8000-000000000000","name":"order_placed","properties":{"total":42},"timestamp":"2026-01-01T00:00:00Z"}]}', now()
   from (select *, random() as r from (select * from users order by random() limit $2) chosen) u`,
);

const LOADED = ['users', 'aliases', 'subscriptions', 'journey_runs', 'lane_inbox'];

/** `count` users called `user-1` to `user-<count>`, each with an email subscription. */
export async function makePeople(database: Queryable, appId: string, count: number): Promise<void> {
  await database.run(users, [appId, count]);
  await database.run(aliases);
  await database.run(subscriptions);
}

/** Runs of random users that wait at the first node and are due within `withinMs` from `from`. */
export async function makeRuns(
  database: Queryable,
  journeyId: string,
  count: number,
  from: number,
  withinMs = 0,
): Promise<void> {
  for (let left = count; left > 0; left -= 50_000) {
    await database.run(runs, [journeyId, Math.min(left, 50_000), new Date(from), withinMs]);
  }
}

/** As autovacuum would have left the tables after a while: analysed, hint bits set. */
export async function settle(database: Queryable): Promise<void> {
  for (const table of LOADED) await database.run({ name: '', text: `vacuum analyze ${table}` });
  await database.run({ name: '', text: 'checkpoint' });
}
