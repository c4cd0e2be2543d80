-- Makes room where users have more subscriptions than allowed: the oldest by last session leave, each to a
-- fresh anonymous user of the same lane, and with it what is known of the device. The newest three email
-- and three SMS subscriptions stay, and so does what has just arrived, as long as anything else can go.
-- The users' rows are held by the caller.
-- arrivals: lane, user_id, subscription_id
create function evict_subscriptions(arrivals jsonb, at timestamptz, subscription_limit int) returns void
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  leaving jsonb;
  held int;
begin
  with crowded as (
    select x.lane, x.user_id
    from (select distinct x.lane, x.user_id from jsonb_to_recordset(arrivals) x (lane int, user_id uuid)) x
    cross join lateral (
      select count(*) as total from subscriptions s where s.lane = x.lane and s.user_id = x.user_id) s
    where s.total > subscription_limit
  ), ranked as (
    select s.lane, s.id, s.app_id, s.user_id, s.type, s.token, s.last_active, s.created_at,
      exists (
        select from jsonb_to_recordset(arrivals) a (subscription_id uuid) where a.subscription_id = s.id
      ) as arrived,
      s.channel in ('email', 'sms') and row_number() over (
        partition by s.user_id, s.channel order by s.last_active desc, s.created_at desc, s.id) <= 3 as kept,
      count(*) over (partition by s.user_id) as total
    from crowded c
    cross join lateral (select * from subscriptions s where s.lane = c.lane and s.user_id = c.user_id) s
  ), turns as (
    select r.*, row_number() over (
      partition by r.user_id order by r.arrived, r.kept, r.last_active, r.created_at, r.id) as turn
    from ranked r
  )
  select jsonb_agg(jsonb_build_object(
    'lane', t.lane, 'id', t.id, 'app_id', t.app_id, 'user_id', t.user_id, 'type', t.type,
    'key', subscription_key(t.token, t.id), 'new_user_id', id_in_lane(timed_id(at), t.lane)))
  into leaving
  from turns t where t.turn <= t.total - subscription_limit;

  if leaving is null then
    return;
  end if;

  -- After the tokens of the batch, so nobody is waited for.
  select count(*) into held from (
    select from jsonb_to_recordset(leaving) x (app_id uuid, id uuid, type text, key text)
    cross join lateral (
      select from tokens t
      where t.app_id = x.app_id and t.type = x.type and t.token = x.key and t.subscription_id = x.id
      limit 1 for update skip locked) t
  ) h;
  if held < jsonb_array_length(leaving) then
    raise exception 'a subscription that should make room is being written' using errcode = '40001';
  end if;

  insert into users (lane, id, app_id, language, timezone_id, country, first_active, last_active, updated_at)
  select x.lane, x.new_user_id, x.app_id, u.language, u.timezone_id, u.country, at, at, at
  from jsonb_to_recordset(leaving) x (lane int, app_id uuid, user_id uuid, new_user_id uuid)
  join users u on u.lane = x.lane and u.id = x.user_id
  order by x.lane, x.new_user_id;

  update tokens t set user_id = x.new_user_id
  from jsonb_to_recordset(leaving) x (app_id uuid, type text, key text, new_user_id uuid)
  where t.app_id = x.app_id and t.type = x.type and t.token = x.key;

  update subscriptions s set user_id = x.new_user_id, updated_at = at
  from jsonb_to_recordset(leaving) x (lane int, id uuid, new_user_id uuid)
  where s.lane = x.lane and s.id = x.id;

  perform note_change(x.lane, x.app_id, x.new_user_id, at)
  from jsonb_to_recordset(leaving) x (lane int, app_id uuid, new_user_id uuid);

  insert into user_changes (lane, user_id, id, day, app_id, action, source, changes, at)
  select x.lane, who.user_id, timed_id(at), (at at time zone 'UTC')::date, x.app_id, who.action, 'system',
    jsonb_build_object('subscription_id', x.id, 'user_id', who.other), at
  from jsonb_to_recordset(leaving) x (lane int, id uuid, app_id uuid, user_id uuid, new_user_id uuid)
  cross join lateral (values
    (x.user_id, 'subscription-made-room', x.new_user_id),
    (x.new_user_id, 'created', x.user_id)) as who (user_id, action, other);
end $$;
