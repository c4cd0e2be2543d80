-- The subscriptions of a batch of users: makes new ones, takes those that have the token or the id that
-- was given from whoever had them, and merges what is told about each. Part of write_users, which holds
-- the users' rows: `plan` and `devices` are as described there.
--
-- Returns where each subscription is now, an entry for each device of a request that does something:
-- n, position, lane, subscription_id, place (new, here or elsewhere before), ...; null when there is none.
create function write_subscriptions(plan jsonb, devices jsonb, at timestamptz, subscription_limit int)
returns jsonb
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = on
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  places jsonb;
  refused boolean;
  arrived boolean;
  moved boolean;
  consented boolean;
begin
  -- Which row of tokens stands for each subscription.
  select jsonb_agg(d.device || jsonb_build_object(
    'lane', p.lane, 'user_id', p.user_id, 'existing', p.outcome = 'updated', 'source', p.source,
    'touch', p.touch, 'given_id', s.id, 'new_id', id_in_lane(d.new_id, p.lane),
    'type', coalesce(s.type, d.type),
    'key', case when s.id is not null then subscription_key(s.token, s.id)
      else subscription_key(d.token, id_in_lane(d.new_id, p.lane)) end)),
    bool_or(s.id is null and d.token is null)
  into places, refused
  from jsonb_to_recordset(plan) p (
    n int, app_id uuid, outcome text, lane int, user_id uuid, source text, touch boolean)
  join (
    select (device ->> 'n')::int as n, (device ->> 'given_id')::uuid as given_id,
      (device ->> 'new_id')::uuid as new_id, device ->> 'type' as type, device ->> 'token' as token, device
    from jsonb_array_elements(devices) as device
  ) d on d.n = p.n
  left join lateral (
    select m.lane from moved_subscriptions m where m.subscription_id = d.given_id limit 1) m on true
  left join lateral (
    select s.id, s.type, s.token from subscriptions s
    where s.lane = coalesce(m.lane, lane_of(d.given_id)) and s.id = d.given_id and s.app_id = p.app_id
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
  select distinct on (x.app_id, x.type, x.key)
    x.app_id, x.type, x.key, x.lane, coalesce(x.given_id, x.new_id), x.user_id
  from jsonb_to_recordset(places) x (
    position int, app_id uuid, lane int, user_id uuid, type text, given_id uuid, new_id uuid, key text)
  order by x.app_id, x.type, x.key, x.position
  on conflict (app_id, type, token) do update
    set prev_lane = t.lane, lane = excluded.lane, user_id = excluded.user_id
    where t.user_id <> excluded.user_id;

  -- `place` says where each subscription is now. Several entries of one request may name the same
  -- one: the first counts. What it says about being written to is ignored where a newer fact is known
  -- (`consented_at`), and where it is an error of a device that will try again with its token while the
  -- subscription is healthy.
  select
    jsonb_agg(x.entry || jsonb_build_object(
      'subscription_id', x.subscription_id, 'from_lane', x.from_lane, 'from_user_id', x.from_user_id,
      'place', x.place, 'first', x.entry_number = 1, 'was_enabled', x.was_enabled)
      || case when x.ignored then '{"enabled": null, "notification_types": null}' else '{}'::jsonb end),
    bool_or(x.changed or x.place = 'gone'),
    bool_or(x.place <> 'here' and x.existing),
    bool_or(x.place = 'elsewhere'),
    bool_or(x.consent_at is not null or x.switched and not x.ignored)
  into places, refused, arrived, moved, consented
  from (
    select e.*, t.subscription_id,
      row_number() over (partition by t.subscription_id order by e.position) as entry_number,
      case when here.user_id is not null then t.lane else t.prev_lane end as from_lane,
      coalesce(here.user_id, there.user_id) as from_user_id,
      coalesce(here.enabled, there.enabled) as was_enabled,
      coalesce(here.enabled, there.enabled) <> coalesce(e.enabled, e.notification_types > 0) as switched,
      coalesce(e.consent_at < coalesce(here.consented_at, there.consented_at), false)
        or (retries_by_itself(e.notification_types)
          and coalesce(here.notification_types, there.notification_types, 0) > 0) as ignored,
      case when here.user_id = e.user_id then 'here'
        when here.user_id is not null or there.user_id is not null then 'elsewhere'
        when e.given_id is not null then 'gone'
        else 'new' end as place,
      coalesce(e.given_id <> t.subscription_id, false) as changed
    from (
      select (entry ->> 'position')::int as position, (entry ->> 'app_id')::uuid as app_id,
        (entry ->> 'user_id')::uuid as user_id, entry ->> 'type' as type, entry ->> 'key' as key,
        (entry ->> 'given_id')::uuid as given_id, (entry ->> 'existing')::boolean as existing,
        (entry ->> 'enabled')::boolean as enabled, (entry ->> 'notification_types')::int as notification_types,
        (entry ->> 'consent_at')::timestamptz as consent_at, entry
      from jsonb_array_elements(places) as entry
    ) e
    cross join lateral (
      select t.lane, t.prev_lane, t.subscription_id from tokens t
      where t.app_id = e.app_id and t.type = e.type and t.token = e.key limit 1) t
    left join lateral (
      select s.user_id, s.enabled, s.notification_types, s.consented_at from subscriptions s
      where s.lane = t.lane and s.id = t.subscription_id limit 1) here on true
    left join lateral (
      select s.user_id, s.enabled, s.notification_types, s.consented_at from subscriptions s
      where s.lane = t.prev_lane and s.id = t.subscription_id limit 1) there on true
  ) x;
  if refused then
    raise exception 'a subscription was deleted or given another token' using errcode = '40001';
  end if;

  if moved then
    with gone as (
      delete from subscriptions s
      using jsonb_to_recordset(places) x (
        lane int, user_id uuid, from_lane int, subscription_id uuid, place text, first boolean)
      where x.place = 'elsewhere' and x.first and s.lane = x.from_lane and s.id = x.subscription_id
      returning s.*, x.lane as new_lane, x.user_id as new_user_id
    )
    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, last_active, consented_at, created_at, updated_at)
    select g.new_lane, g.id, g.app_id, g.new_user_id, g.type, g.channel, g.token, g.enabled,
      g.notification_types, g.device, g.session_count, g.session_time, g.last_active, g.consented_at,
      g.created_at, at
    from gone g;

    insert into moved_subscriptions (subscription_id, lane)
    select x.subscription_id, x.lane
    from jsonb_to_recordset(places) x (lane int, subscription_id uuid, place text, first boolean)
    where x.place = 'elsewhere' and x.first
    order by x.subscription_id
    on conflict (subscription_id) do update set lane = excluded.lane;

    with gone as (
      delete from consents c
      using jsonb_to_recordset(places) x (
        lane int, from_lane int, subscription_id uuid, place text, first boolean)
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
  select x.lane, x.subscription_id, x.app_id, x.user_id, x.type, x.channel, x.token,
    coalesce(x.enabled, x.notification_types > 0, true),
    opt_in_reason(x.enabled, x.notification_types, (x.token <> '')::int),
    x.device, coalesce(x.session_count, 0), coalesce(x.session_time, 0), at, x.consent_at, at, at
  from jsonb_to_recordset(places) x (
    lane int, subscription_id uuid, app_id uuid, user_id uuid, place text, first boolean, type text,
    channel text, token text, enabled boolean, notification_types int, device jsonb, session_count int,
    session_time bigint, consent_at timestamptz)
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
    select x.*, coalesce(x.consent_at,
      case when x.was_enabled <> coalesce(x.enabled, x.notification_types > 0) then at end) as fact_at
    from jsonb_to_recordset(places) x (
      lane int, subscription_id uuid, place text, first boolean, enabled boolean, notification_types int,
      was_enabled boolean, device jsonb, session_count int, session_time bigint, touch boolean,
      consent_at timestamptz)
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
    select x.lane, x.subscription_id, coalesce(x.consent_at, at), coalesce(x.consent_source, x.source), x.app_id,
      coalesce(x.consent_granted, x.enabled, x.notification_types > 0), x.consent_wording, at
    from jsonb_to_recordset(places) x (
      lane int, subscription_id uuid, app_id uuid, first boolean, enabled boolean, notification_types int,
      was_enabled boolean, source text, consent_at timestamptz, consent_granted boolean,
      consent_source text, consent_wording text)
    where x.first and (x.consent_at is not null
      or x.was_enabled <> coalesce(x.enabled, x.notification_types > 0))
    order by x.lane, x.subscription_id
    on conflict do nothing;
  end if;

  if arrived then
    perform evict_subscriptions(
      (select jsonb_agg(x) from jsonb_to_recordset(places) x (
        lane int, user_id uuid, subscription_id uuid, existing boolean)
       where x.existing),
      at, subscription_limit);
  end if;

  if moved then
    perform delete_orphans(
      (select jsonb_agg(distinct jsonb_build_object('lane', x.from_lane, 'user_id', x.from_user_id))
       from jsonb_to_recordset(places) x (from_lane int, from_user_id uuid, place text, first boolean)
       where x.place = 'elsewhere' and x.first));
  end if;
  return places;
end $$;
