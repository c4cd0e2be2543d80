import type { Database } from '@carillon/server';

/** Of one statement: what it keeps until it ends stays small. */
const PART = 100_000;

/** What a part makes. Its ids are in the order of their making, as the API's are: every index grows at its ends. */
const MAKE = {
  name: '',
  text: `
    with fresh as materialized (
      select n, now() + (n - $4::int) * interval '1 millisecond' as at, floor(random() * 256)::int as lane
      from generate_series($2::int, $3::int) n
    ),
    person as materialized (
      select n, lane, id_in_lane(timed_id(at), lane) as id, id_in_lane(timed_id(at), lane) as subscription
      from fresh
    ),
    users_made as (
      insert into users (lane, id, app_id, external_id, tags, language, first_active, last_active, updated_at)
      select lane, id, $1, 'user-' || n,
        jsonb_build_object('first_name', 'Person' || n, 'plan', 'gold', 'city', 'Utrecht', 'orders', n::text, 'last', 'tea'),
        'en', now(), now(), now()
      from person
    ),
    aliases_made as (
      insert into aliases (app_id, label, value, lane, user_id)
      select $1, 'external_id', 'user-' || n, lane, id from person
    ),
    tokens_made as (
      insert into tokens (app_id, type, token, lane, subscription_id, user_id)
      select $1, 'Email', 'user-' || n || '@example.com', lane, subscription, id from person
    )
    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, last_active, created_at, updated_at)
    select lane, subscription, $1, id, 'Email', 'email', 'user-' || n || '@example.com', now(), now(), now() from person`,
};

/**
 * Makes `count` users of an app with five tags and an email address each, straight into the tables:
 * what the API would make, in seconds instead of minutes. Their external ids are `user-1`, `user-2` …
 */
export async function fillAudience(database: Database, appId: string, count: number): Promise<void> {
  for (let first = 1; first <= count; first += PART) {
    await database.run(MAKE, [appId, first, Math.min(first + PART - 1, count), count]);
  }
  for (const table of ['users', 'aliases', 'tokens', 'subscriptions']) {
    await database.run({ name: '', text: `vacuum (analyze) ${table}` });
  }
}
