import type { Queryable } from '@carillon/server';

const events = {
  name: '',
  text: `insert into custom_events (lane, received_at, id, app_id, user_id, name, properties, at)
    select lane, $2::timestamptz - n * interval '1 second', gen_random_uuid(), app_id, id,
      case n % 3 when 0 then 'order' else 'visit' end, jsonb_build_object('total', n % 100),
      $2::timestamptz - n * interval '1 second'
    from (
      select *, row_number() over () as n from users
      where app_id = $1 and (tags ->> 'orders')::int % $4::int = 0 limit $3::int) u`,
};

const bare = {
  name: '',
  text: `select count(*)::int as count from subscriptions s join users u on u.lane = s.lane and u.id = s.user_id
    where s.app_id = $1 and s.reachable and u.tags ->> 'plan' = 'gold' and (u.tags ->> 'orders')::numeric > $2
      and u.language = 'en' and u.last_active > $3 and u.tags ? 'city'`,
};

/** An event of every `part`th user, one in each of the newest `count` seconds. */
export async function fillEvents(
  database: Queryable,
  appId: string,
  at: number,
  { count, part }: { readonly count: number; readonly part: number },
): Promise<void> {
  await database.run(events, [appId, new Date(at), count, part]);
  await database.run({ name: '', text: 'vacuum (analyze) custom_events' });
}

/** What five filters ask, as somebody would write it who knows these tables and these rows alone. */
export async function bareCount(
  database: Queryable,
  appId: string,
  above: number,
  since: number,
): Promise<number> {
  const [row] = await database.rows<{ count: number }>(bare, [appId, above, new Date(since)]);
  return row?.count ?? 0;
}
