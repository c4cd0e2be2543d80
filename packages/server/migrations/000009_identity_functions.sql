-- The writes of identity that touch several tables: set statements, one after the other, so that each
-- sees what was committed while the one before it waited for a lock. One statement with writable CTEs
-- has one snapshot and was measured to leave surplus rows; a loop over rows deadlocks.
--
-- The order of locks is the same everywhere, sorted within each step:
--   1. aliases that are new   (an insert waits for another process that inserts or deletes the same)
--   2. users                  (their row guards their aliases and lets subscriptions in)
--   3. tokens                 (their row guards their subscription)
-- A committed alias row never changes its user; it is deleted and inserted again.

-- What stands in `tokens` for a subscription. No token may begin with the control character.
create function subscription_key(token text, subscription_id uuid) returns text
language sql immutable parallel safe
return case when token = '' then E'\x01' || subscription_id else token end;

create function lane_of(id uuid) returns int
language sql immutable parallel safe
return get_byte(uuid_send(id), 15);

-- The same id in another lane: a lane is the last byte of an id.
create function id_in_lane(id uuid, lane int) returns uuid
language sql immutable parallel safe
return (left(id::text, 34) || lpad(to_hex(lane), 2, '0'))::uuid;

-- The reason code after a change: -31 when it was switched off here and nobody had opted out before.
create function opt_in_reason(enabled boolean, asked int, present int) returns int
language sql immutable parallel safe
return case
  when enabled is null then coalesce(asked, present)
  when enabled then coalesce(asked, greatest(present, 1))
  when asked <= 0 then asked
  when present <= 0 then present
  else -31
end;

-- Writes a batch of users: creates or finds each, adds its aliases, merges its properties, and gives
-- it its subscriptions, taking them from whoever had them.
--
-- requests: n, app_id, user_id (the id a new user would get), lane (of that id), must_exist,
--   by_id or by_label + by_value (whom an existing user is addressed by), replace_external_id, touch,
--   tags, gone_tags, language, timezone_id, country, properties, gone_properties
-- identities: n, app_id, label, value
-- devices: n, position, app_id, given_id, given_lane, new_id, type, channel, token, enabled,
--   notification_types, device, session_count, session_time
--
-- One row comes back for each request. outcome:
--   created, updated
--   conflict          `detail` holds the aliases that belong to someone else
--   no-user           the addressed user does not exist
--   no-subscription   `detail` holds the ids of subscriptions that do not exist
--   too-many-aliases
--   again             another request of the batch is about the same user or subscription
-- Nothing is written for the last five. A race that cannot be settled here raises 40001: run it again.
create function write_users(
  requests jsonb, identities jsonb, devices jsonb, at timestamptz, alias_limit int
) returns table (n int, outcome text, detail jsonb, person jsonb, identity jsonb, subscriptions jsonb)
language plpgsql
-- Whatever the statistics say, rows are then met, and locked, in the order of the batch or of the key.
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  plan jsonb;      -- n, app_id, candidate, outcome, detail, lane, user_id
  places jsonb;    -- n, position, type, key, subscription_id, lane, user_id
  touched int;
  wanted int;
begin
  insert into aliases (app_id, label, value, lane, user_id)
  select i.app_id, i.label, i.value, r.lane, r.user_id
  from jsonb_to_recordset(identities) i (n int, app_id uuid, label text, value text)
  join jsonb_to_recordset(requests) r (n int, lane int, user_id uuid) on r.n = i.n
  order by i.app_id, i.label, i.value
  on conflict do nothing;

  with owned as materialized (
    select i.n, i.label, i.value, a.user_id
    from jsonb_to_recordset(identities) i (n int, app_id uuid, label text, value text)
    left join aliases a on a.app_id = i.app_id and a.label = i.label and a.value = i.value
  ), request as materialized (
    select r.*, coalesce(r.by_id, a.user_id) as addressed
    from jsonb_to_recordset(requests) r (
      n int, app_id uuid, user_id uuid, must_exist boolean, by_id uuid, by_label text, by_value text,
      replace_external_id boolean)
    left join aliases a on a.app_id = r.app_id and a.label = r.by_label and a.value = r.by_value
  ), chosen as materialized (
    select r.n, r.app_id, r.user_id, r.must_exist, r.replace_external_id,
      case when r.must_exist then r.addressed else coalesce(
        (array_agg(o.user_id order by o.label <> 'external_id', o.label)
          filter (where o.user_id <> r.user_id))[1],
        r.user_id) end as owner,
      max(o.value) filter (where o.label = 'external_id') as asked_external_id,
      coalesce(bool_or(o.label is not null and o.user_id is null), false) as vanished
    from request r left join owned o on o.n = r.n
    group by r.n, r.app_id, r.user_id, r.must_exist, r.replace_external_id, r.addressed
  ), found as materialized (
    select c.*, u.id is not null as existing, u.external_id as present_external_id
    from chosen c
    left join users u on u.lane = lane_of(c.owner) and u.id = c.owner and u.app_id = c.app_id
  ), claimed as (
    select f.n, jsonb_object_agg(o.label, o.value) as aliases
    from found f join owned o on o.n = f.n
    where o.user_id not in (f.owner, f.user_id)
       or (f.existing and not f.replace_external_id and f.present_external_id <> f.asked_external_id)
    group by f.n
  ), device as materialized (
    select d.n, d.app_id, d.given_id, s.id is not null or d.token is not null as usable,
      coalesce(s.type, d.type) as type,
      coalesce(subscription_key(s.token, s.id), nullif(d.token, ''), d.new_id::text) as key
    from jsonb_to_recordset(devices) d (
      n int, app_id uuid, given_id uuid, given_lane int, new_id uuid, type text, token text)
    left join moved_subscriptions m on m.subscription_id = d.given_id
    left join subscriptions s
      on s.lane = coalesce(m.lane, d.given_lane) and s.id = d.given_id and s.app_id = d.app_id
  ), missing as (
    select d.n, jsonb_agg(d.given_id) as ids from device d where not d.usable group by d.n
  ), crowded as (
    select o.n from (
      select o.n, o.label from owned o where o.label <> 'external_id'
      union
      select f.n, a.label from found f join aliases a on a.user_id = f.owner
      where a.label <> 'external_id' and exists (select from owned o where o.n = f.n and o.label <> 'external_id')
    ) o
    group by o.n having count(*) > alias_limit
  ), verdict as materialized (
    select f.*, case
      when f.must_exist and not f.existing then 'no-user'
      when f.vanished then 'again'
      when c.n is not null then 'conflict'
      when m.n is not null then 'no-subscription'
      when w.n is not null then 'too-many-aliases'
      when f.existing then 'updated'
      else 'created' end as verdict,
      coalesce(c.aliases, m.ids) as detail
    from found f
    left join claimed c on c.n = f.n
    left join missing m on m.n = f.n
    left join crowded w on w.n = f.n
  ), going as (
    select v.n, v.owner from verdict v where v.verdict in ('updated', 'created')
  ), second as (
    select g.n from (select n, row_number() over (partition by owner order by n) as turn from going) g
    where g.turn > 1
    union
    select k.n from (
      select d.n, min(d.n) over (partition by d.app_id, d.type, d.key) as first
      from device d join going g on g.n = d.n
    ) k where k.n > k.first
  )
  select jsonb_agg(jsonb_build_object(
    'n', v.n, 'app_id', v.app_id, 'candidate', v.user_id,
    'outcome', case when s.n is null then v.verdict else 'again' end,
    'detail', v.detail, 'lane', lane_of(v.owner), 'user_id', v.owner))
  into plan
  from verdict v left join second s on s.n = v.n;

  -- What the first statement inserted for requests that do nothing.
  delete from aliases a
  using jsonb_to_recordset(plan) p (candidate uuid, outcome text)
  where a.user_id = p.candidate and p.outcome not in ('created', 'updated');

  insert into users (lane, id, app_id, external_id, tags, language, timezone_id, country, properties,
    first_active, last_active, updated_at)
  select p.lane, p.user_id, p.app_id,
    (select i.value from jsonb_to_recordset(identities) i (n int, label text, value text)
     where i.n = p.n and i.label = 'external_id'),
    r.tags, r.language, r.timezone_id, r.country, r.properties, at, at, at
  from jsonb_to_recordset(plan) p (n int, app_id uuid, outcome text, lane int, user_id uuid)
  join jsonb_to_recordset(requests) r (
    n int, tags jsonb, language text, timezone_id text, country text, properties jsonb) on r.n = p.n
  where p.outcome = 'created'
  order by p.lane, p.user_id;

  update users u set
    external_id = case when x.new_external_id is null then u.external_id else x.new_external_id end,
    tags = (u.tags || x.tags) - x.gone_tags,
    language = coalesce(x.language, u.language),
    timezone_id = coalesce(x.timezone_id, u.timezone_id),
    country = coalesce(x.country, u.country),
    properties = (u.properties || x.properties) - x.gone_properties,
    last_active = case when x.touch then greatest(u.last_active, at) else u.last_active end,
    updated_at = at
  from (
    select p.lane, p.user_id, p.app_id, r.*, a.value as new_external_id
    from jsonb_to_recordset(plan) p (n int, app_id uuid, candidate uuid, outcome text, lane int, user_id uuid)
    join jsonb_to_recordset(requests) r (
      n int, tags jsonb, gone_tags text[], language text, timezone_id text, country text,
      properties jsonb, gone_properties text[], touch boolean, replace_external_id boolean) on r.n = p.n
    left join aliases a on a.user_id = p.candidate and a.label = 'external_id'
    where p.outcome = 'updated'
    order by p.lane, p.user_id
  ) x
  where u.lane = x.lane and u.id = x.user_id and u.app_id = x.app_id
    and (x.new_external_id is null or x.replace_external_id or u.external_id is null);
  get diagnostics touched = row_count;
  select count(*) into wanted from jsonb_to_recordset(plan) p (outcome text) where p.outcome = 'updated';
  if touched < wanted then
    raise exception 'a user was deleted or named by someone else' using errcode = '40001';
  end if;

  -- The labels that a user gives another value to. Its row lock is held from here on.
  delete from aliases old
  using jsonb_to_recordset(plan) p (candidate uuid, outcome text, user_id uuid), aliases new
  where p.outcome = 'updated' and new.user_id = p.candidate
    and old.user_id = p.user_id and old.app_id = new.app_id and old.label = new.label;

  update aliases a set user_id = p.user_id, lane = p.lane
  from jsonb_to_recordset(plan) p (candidate uuid, outcome text, lane int, user_id uuid)
  where p.outcome = 'updated' and a.user_id = p.candidate;

  if exists (
    select from jsonb_to_recordset(plan) p (n int, outcome text, user_id uuid)
    join aliases a on a.user_id = p.user_id and a.label <> 'external_id'
    where p.outcome in ('created', 'updated')
      and exists (select from jsonb_to_recordset(identities) i (n int, label text)
                  where i.n = p.n and i.label <> 'external_id')
    group by p.n having count(*) > alias_limit
  ) then
    raise exception 'two writers filled the aliases of a user' using errcode = '40001';
  end if;

  -- Which row of tokens stands for each subscription.
  select jsonb_agg(to_jsonb(x)) into places from (
    select d.n, d.position, p.app_id, p.lane, p.user_id, coalesce(s.type, d.type) as type, s.id as given_id,
      id_in_lane(d.new_id, p.lane) as new_id,
      case when s.id is not null then subscription_key(s.token, s.id)
        else subscription_key(d.token, id_in_lane(d.new_id, p.lane)) end as key
    from jsonb_to_recordset(plan) p (n int, app_id uuid, outcome text, lane int, user_id uuid)
    join jsonb_to_recordset(devices) d (
      n int, position int, given_id uuid, given_lane int, new_id uuid, type text, token text) on d.n = p.n
    left join moved_subscriptions m on m.subscription_id = d.given_id
    left join subscriptions s
      on s.lane = coalesce(m.lane, d.given_lane) and s.id = d.given_id and s.app_id = p.app_id
    where p.outcome in ('created', 'updated') and (s.id is not null or d.token is not null)
  ) x;

  if places is not null then
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

    select jsonb_agg(to_jsonb(x)) into places from (
      select x.n, x.position, x.lane, x.user_id, t.subscription_id,
        row_number() over (partition by t.subscription_id order by x.position) = 1 as first,
        case when here.id is not null then t.lane else t.prev_lane end as from_lane,
        case when here.user_id = x.user_id then 'here'
          when here.id is not null or there.id is not null then 'elsewhere'
          when x.given_id is not null then 'gone'
          else 'new' end as place,
        x.given_id <> t.subscription_id as changed
      from jsonb_to_recordset(places) x (
        n int, position int, app_id uuid, lane int, user_id uuid, type text, given_id uuid, key text)
      join tokens t on t.app_id = x.app_id and t.type = x.type and t.token = x.key
      left join subscriptions here on here.lane = t.lane and here.id = t.subscription_id
      left join subscriptions there on there.lane = t.prev_lane and there.id = t.subscription_id
    ) x;
    if exists (
      select from jsonb_to_recordset(places) x (place text, changed boolean) where x.changed or x.place = 'gone'
    ) then
      raise exception 'a subscription was deleted or given another token' using errcode = '40001';
    end if;

    with gone as (
      delete from subscriptions s
      using jsonb_to_recordset(places) x (from_lane int, subscription_id uuid, place text, first boolean)
      where x.place = 'elsewhere' and x.first and s.lane = x.from_lane and s.id = x.subscription_id
      returning s.*
    )
    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, created_at, updated_at)
    select x.lane, g.id, g.app_id, x.user_id, g.type, g.channel, g.token, g.enabled, g.notification_types,
      g.device, g.session_count, g.session_time, g.created_at, at
    from gone g
    join jsonb_to_recordset(places) x (lane int, user_id uuid, subscription_id uuid, first boolean)
      on x.first and x.subscription_id = g.id;

    insert into moved_subscriptions (subscription_id, lane)
    select x.subscription_id, x.lane
    from jsonb_to_recordset(places) x (lane int, subscription_id uuid, place text, first boolean)
    where x.place = 'elsewhere' and x.first
    order by x.subscription_id
    on conflict (subscription_id) do update set lane = excluded.lane;

    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, created_at, updated_at)
    select x.lane, x.subscription_id, d.app_id, x.user_id, d.type, d.channel, d.token,
      coalesce(d.enabled, d.notification_types > 0, true),
      opt_in_reason(d.enabled, d.notification_types, (d.token <> '')::int),
      d.device, coalesce(d.session_count, 0), coalesce(d.session_time, 0), at, at
    from jsonb_to_recordset(places) x (
      n int, position int, lane int, user_id uuid, subscription_id uuid, place text, first boolean)
    join jsonb_to_recordset(devices) d (
      n int, position int, app_id uuid, type text, channel text, token text, enabled boolean,
      notification_types int, device jsonb, session_count int, session_time bigint)
      on d.n = x.n and d.position = x.position
    where x.place = 'new' and x.first
    order by x.lane, x.subscription_id;

    -- Only what differs: most devices come back as they are.
    update subscriptions s set
      enabled = coalesce(d.enabled, d.notification_types > 0, s.enabled),
      notification_types = opt_in_reason(d.enabled, d.notification_types, s.notification_types),
      device = s.device || d.device,
      session_count = coalesce(d.session_count, s.session_count),
      session_time = coalesce(d.session_time, s.session_time),
      updated_at = at
    from (
      select x.lane, x.subscription_id, d.*
      from jsonb_to_recordset(places) x (
        n int, position int, lane int, subscription_id uuid, place text, first boolean)
      join jsonb_to_recordset(devices) d (
        n int, position int, enabled boolean, notification_types int, device jsonb, session_count int,
        session_time bigint) on d.n = x.n and d.position = x.position
      where x.place <> 'new' and x.first
      order by x.lane, x.subscription_id
    ) d
    where s.lane = d.lane and s.id = d.subscription_id and (
      s.enabled <> coalesce(d.enabled, d.notification_types > 0, s.enabled)
      or s.notification_types <> opt_in_reason(d.enabled, d.notification_types, s.notification_types)
      or not s.device @> d.device
      or s.session_count <> d.session_count or s.session_time <> d.session_time);
  end if;

  return query
  select p.n, p.outcome, p.detail, to_jsonb(u),
    (select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = u.id),
    (select jsonb_agg(to_jsonb(s) || jsonb_build_object('place', x.place, 'position', x.position))
     from jsonb_to_recordset(places) x (n int, position int, lane int, subscription_id uuid, place text)
     join subscriptions s on s.lane = x.lane and s.id = x.subscription_id
     where x.n = p.n)
  from jsonb_to_recordset(plan) p (n int, outcome text, detail jsonb, lane int, user_id uuid)
  left join users u on u.lane = p.lane and u.id = p.user_id and p.outcome in ('created', 'updated');
end $$;
