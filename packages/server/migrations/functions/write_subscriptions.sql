-- The subscriptions of a batch of users: makes new ones, takes those that have the token or the id that
-- was given from whoever had them, and merges what is told about each. Part of write_users, which holds
-- the users' rows. devices: a list of subscription_write.
--
-- Returns where each subscription is now, an entry for each device of a request that does something; null
-- when there is none.
create function write_subscriptions(plan user_plan[], devices jsonb, at timestamptz, subscription_limit int)
returns subscription_place[]
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = on
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  places subscription_place[];
  refused boolean;
  arrived boolean;
  moved boolean;
  consented boolean;
begin
  -- Which row of tokens stands for each subscription.
  select array_agg(row(
    d, p.lane, p.user_id, p.outcome = 'updated', (p.asked).source, (p.asked).touch, coalesce(s.type, d.type),
    case when s.id is not null then subscription_key(s.token, s.id)
      else subscription_key(d.token, id_in_lane(d.new_id, p.lane)) end,
    s.id, null, null, null, null, null, null, null)::subscription_place),
    bool_or(s.id is null and d.token is null)
  into places, refused
  from unnest(plan) p
  join jsonb_populate_recordset(null::subscription_write, devices) d on d.n = (p.asked).n
  left join lateral (
    select m.lane from moved_subscriptions m where m.subscription_id = d.given_id limit 1) m on true
  left join lateral (
    select s.id, s.type, s.token from subscriptions s
    where s.lane = coalesce(m.lane, lane_of(d.given_id)) and s.id = d.given_id and s.app_id = (p.asked).app_id
    limit 1) s on true
  where p.outcome in ('created', 'updated');
  perform set_config('enable_hashjoin', 'off', true);

  if refused then
    raise exception 'a subscription was deleted' using errcode = '40001';
  end if;
  if places is null then
    return null;
  end if;

  -- A conflicting row is locked even where it already belongs to the right user.
  insert into tokens as t (app_id, type, token, lane, subscription_id, user_id)
  select distinct on (1, 2, 3)
    (x.asked).app_id, x.type collate "C", x.key collate "C", x.lane,
    coalesce(x.subscription_id, id_in_lane((x.asked).new_id, x.lane)), x.user_id
  from unnest(places) x
  order by 1, 2, 3, (x.asked).position
  on conflict (app_id, type, token) do update
    set prev_lane = t.lane, lane = excluded.lane, user_id = excluded.user_id
    where t.user_id <> excluded.user_id;

  -- What it says about being written to is ignored where a newer fact is known (`consented_at`), and where it
  -- is an error of a device that will try again with its token while the subscription is healthy.
  select
    array_agg(row(
      x.asked, x.lane, x.user_id, x.existing, x.source, x.touch, x.type, x.key, x.now_id, x.was_lane, x.was_user_id,
      x.was_place, x.entry_number = 1, x.says, x.types,
      coalesce(x.was_enabled <> coalesce(x.says, x.types > 0), false))::subscription_place),
    bool_or(x.changed or x.was_place = 'gone'),
    bool_or(x.was_place <> 'here' and x.existing),
    bool_or(x.was_place = 'elsewhere'),
    bool_or((x.asked).consent_at is not null or x.was_enabled <> coalesce(x.says, x.types > 0))
  into places, refused, arrived, moved, consented
  from (
    select e.*, t.subscription_id as now_id,
      row_number() over (partition by t.subscription_id order by (e.asked).position) as entry_number,
      case when here.user_id is not null then t.lane else t.prev_lane end as was_lane,
      coalesce(here.user_id, there.user_id) as was_user_id,
      coalesce(here.enabled, there.enabled) as was_enabled,
      case when not i.ignored then (e.asked).enabled end as says,
      case when not i.ignored then (e.asked).notification_types end as types,
      case when here.user_id = e.user_id then 'here'
        when here.user_id is not null or there.user_id is not null then 'elsewhere'
        when e.subscription_id is not null then 'gone'
        else 'new' end as was_place,
      coalesce(e.subscription_id <> t.subscription_id, false) as changed
    from unnest(places) e
    cross join lateral (
      select t.lane, t.prev_lane, t.subscription_id from tokens t
      where t.app_id = (e.asked).app_id and t.type = e.type and t.token = e.key limit 1) t
    left join lateral (
      select s.user_id, s.enabled, s.notification_types, s.consented_at from subscriptions s
      where s.lane = t.lane and s.id = t.subscription_id limit 1) here on true
    left join lateral (
      select s.user_id, s.enabled, s.notification_types, s.consented_at from subscriptions s
      where s.lane = t.prev_lane and s.id = t.subscription_id limit 1) there on true
    cross join lateral (
      select coalesce((e.asked).consent_at < coalesce(here.consented_at, there.consented_at), false)
        or (retries_by_itself((e.asked).notification_types)
          and coalesce(here.notification_types, there.notification_types, 0) > 0) as ignored) i
  ) x;
  if refused then
    raise exception 'a subscription was deleted or given another token' using errcode = '40001';
  end if;

  if moved then
    with gone as (
      delete from subscriptions s
      using unnest(places) x
      where x.place = 'elsewhere' and x.first and s.lane = x.from_lane and s.id = x.subscription_id
      returning s.*, x.lane as new_lane, x.user_id as new_user_id
    )
    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, last_active, consented_at, created_at, updated_at)
    select g.new_lane, g.id, g.app_id, g.new_user_id, g.type, g.channel, g.token, g.enabled,
      g.notification_types, g.device, g.session_count, g.session_time, g.last_active, g.consented_at,
      g.created_at, at
    from gone g;

    insert into moved_subscriptions as m (subscription_id, lane)
    select x.subscription_id, x.lane from unnest(places) x
    where x.place = 'elsewhere' and x.first
    order by x.subscription_id
    on conflict (subscription_id) do update set
      lane = excluded.lane, former_lanes = array_remove(m.former_lanes, m.lane) || m.lane;

    with gone as (
      delete from consents c
      using unnest(places) x
      where x.place = 'elsewhere' and x.first and x.from_lane <> x.lane
        and c.lane = x.from_lane and c.subscription_id = x.subscription_id
      returning c.*, x.lane as new_lane
    )
    insert into consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
    select g.new_lane, g.subscription_id, g.at, g.source, g.app_id, g.granted, g.wording, g.recorded_at
    from gone g;
  end if;

  insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
    device, session_count, session_time, last_active, consented_at, created_at, updated_at)
  select x.lane, x.subscription_id, (x.asked).app_id, x.user_id, x.type, (x.asked).channel, (x.asked).token,
    coalesce(x.enabled, x.notification_types > 0, true),
    opt_in_reason(x.enabled, x.notification_types, ((x.asked).token <> '')::int),
    (x.asked).device, coalesce((x.asked).session_count, 0), coalesce((x.asked).session_time, 0), at,
    (x.asked).consent_at, at, at
  from unnest(places) x
  where x.place = 'new' and x.first
  order by x.lane, x.subscription_id;

  -- Only what differs: most devices come back as they are.
  update subscriptions s set
    enabled = coalesce(d.enabled, d.notification_types > 0, s.enabled),
    notification_types = opt_in_reason(d.enabled, d.notification_types, s.notification_types),
    device = s.device || d.device,
    session_count = coalesce(d.session_count, s.session_count),
    session_time = coalesce(d.session_time, s.session_time),
    last_active = case when d.touch then greatest(s.last_active, at) else s.last_active end,
    consented_at = greatest(s.consented_at, d.fact_at),
    updated_at = at
  from (
    select x.lane, x.subscription_id, x.enabled, x.notification_types, x.touch,
      (x.asked).device, (x.asked).session_count, (x.asked).session_time,
      coalesce((x.asked).consent_at, case when x.switched then at end) as fact_at
    from unnest(places) x
    where x.place <> 'new' and x.first
    order by x.lane, x.subscription_id
  ) d
  where s.lane = d.lane and s.id = d.subscription_id and (
    s.enabled <> coalesce(d.enabled, d.notification_types > 0, s.enabled)
    or s.notification_types <> opt_in_reason(d.enabled, d.notification_types, s.notification_types)
    or not s.device @> d.device
    or s.session_count <> d.session_count or s.session_time <> d.session_time
    or d.touch or greatest(s.consented_at, d.fact_at) is distinct from s.consented_at);

  if consented then
    -- What was told as a fact, and every switch as a fact of now.
    insert into consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
    select x.lane, x.subscription_id, coalesce((x.asked).consent_at, at),
      coalesce((x.asked).consent_source, x.source), (x.asked).app_id,
      coalesce((x.asked).consent_granted, x.enabled, x.notification_types > 0), (x.asked).consent_wording, at
    from unnest(places) x
    where x.first and ((x.asked).consent_at is not null or x.switched)
    order by x.lane, x.subscription_id
    on conflict do nothing;
  end if;

  if arrived then
    perform evict_subscriptions(
      (select jsonb_agg(jsonb_build_object(
        'lane', x.lane, 'user_id', x.user_id, 'subscription_id', x.subscription_id))
       from unnest(places) x where x.existing),
      at, subscription_limit);
  end if;

  if moved then
    perform delete_orphans(
      (select jsonb_agg(distinct jsonb_build_object('lane', x.from_lane, 'user_id', x.from_user_id,
         'heir_lane', x.lane, 'heir_id', x.user_id))
       from unnest(places) x where x.place = 'elsewhere' and x.first), at);
  end if;
  return places;
end $$;
