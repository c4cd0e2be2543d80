import type { Database } from '@carillon/server';

/**
 * Makes `count` users of an app with five tags and an email address each, straight into the tables:
 * what the API would make, in seconds instead of minutes. Their external ids are `user-1`, `user-2` …
 */
export async function fillAudience(database: Database, appId: string, count: number): Promise<void> {
  await database.run(
    {
      name: '',
      text: `
      with fresh as materialized (
        select n, gen_random_uuid() as id from generate_series(1, $2::int) n
      ),
      person as materialized (
        select n, id, ('x' || right(id::text, 4))::bit(16)::int % 256 as lane,
          (left(gen_random_uuid()::text, 32) || right(id::text, 4))::uuid as subscription
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
    },
    [appId, count],
  );
  for (const table of ['users', 'aliases', 'tokens', 'subscriptions']) {
    await database.run({ name: '', text: `vacuum (analyze) ${table}` });
  }
}
