import type { Database, Queryable } from '@carillon/server';

// In one transaction, so that nobody begins before all is there. A tag is another one, and so are segments.
const change = `update users set tags = tags || jsonb_build_object('orders', ($2::int - (tags ->> 'orders')::int + 1)::text)
  where app_id = $1`;
const note = `insert into changed_users (lane, app_id, user_id, active, at)
  select lane, app_id, id, false, now() from users where app_id = $1 order by updated_at, id`;

const read = `select u.lane, u.id, u.tags, u.last_active, u.session_count, (
    select json_agg(json_build_array(s.id, s.type, s.reachable)) from subscriptions s
    where s.lane = u.lane and s.user_id = u.id) as subscriptions
  from users u where u.app_id = $1 and (u.lane, u.id) > ($2, $3) order by u.lane, u.id limit $4`;
const write = `insert into bench_state (lane, user_id, bits)
  select lane, user_id, '{1,2,3}' from unnest($1::int[], $2::uuid[]) x (lane, user_id)
  on conflict (lane, user_id) do update set bits = excluded.bits`;

/** Everybody of an app has other tags, and is noted down for it. */
export async function changeEverybody(database: Database, appId: string, users: number): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.run({ name: '', text: change }, [appId, users]);
    await transaction.run({ name: '', text: note }, [appId]);
  });
  await database.run({ name: '', text: 'analyze changed_users' });
}

/** Looks for the newest, by its key: those before it may be gone, and are not looked through. */
export async function isAnyChanged(database: Queryable): Promise<boolean> {
  const text = 'select id from changed_users order by id desc limit 1';
  return (await database.rows<{ id: number }>({ name: 'bench.any-changed', text })).length > 0;
}

/** Takes away what was told, and says to how many. */
export function dropTold(database: Queryable, appId: string): Promise<number> {
  return database.run({ name: '', text: 'delete from lane_inbox where app_id = $1' }, [appId]);
}

/** Reads everybody and writes a row for each, a batch after the other, as one would who asks nothing of them. */
export async function bareLoop(database: Database, appId: string, batch: number): Promise<void> {
  const create =
    'create table if not exists bench_state (lane int, user_id uuid, bits int[], primary key (lane, user_id))';
  await database.run({ name: '', text: create });
  let after = [-1, '00000000-0000-0000-0000-000000000000'] as [number, string];
  for (;;) {
    const rows = await database.rows<{ lane: number; id: string }>({ name: 'bench.read', text: read }, [
      appId,
      ...after,
      batch,
    ]);
    const last = rows.at(-1);
    if (last === undefined) return;
    const columns = [rows.map(({ lane }) => lane), rows.map(({ id }) => id)];
    await database.run({ name: 'bench.write', text: write }, columns);
    after = [last.lane, last.id];
  }
}
