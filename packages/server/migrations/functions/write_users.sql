-- Writes a batch of users: creates or finds each, adds its aliases, merges its properties, and gives
-- it its subscriptions, taking them from whoever had them.
--
-- requests: n, app_id, candidate (the id a new user would get), must_exist, by_id or by_label +
--   by_value (whom an existing user is addressed by), replace_external_id, touch, external_id, tags,
--   gone_tags, language, timezone_id, country, properties, gone_properties
-- identities: n, app_id, label, value, candidate
-- devices: n, position, app_id, given_id, new_id, type, channel, token, enabled, notification_types,
--   device, session_count, session_time
--
-- One row comes back for each request. outcome:
--   created, updated
--   conflict          `detail` holds the aliases that belong to someone else
--   no-user           the addressed user does not exist
--   no-subscription   `detail` holds the ids of subscriptions that do not exist
--   too-many-aliases
--   again             another request of the batch is about the same user or subscription
-- Nothing is written for the last five. A race that cannot be settled here raises 40001: run it again.
--
-- Plans are kept for the life of a connection, so none may rest on a table being small. Tables are
-- reached through `lateral ... limit 1`, or with hash and merge joins off where rows are locked: both
-- leave only the walk from the batch into the index, in the order of the batch. `plan` and `places`
-- carry everything along, so that the locking statements join no two sets of the batch.
create function write_users(
  requests jsonb, identities jsonb, devices jsonb, at timestamptz, alias_limit int
) returns table (n int, outcome text, detail jsonb, person jsonb, identity jsonb, subscriptions jsonb)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = on
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  plan jsonb;
  places jsonb;
  refused boolean;
  updates int;
  renames boolean;
  grown boolean;
  touched int;
begin
  insert into aliases (app_id, label, value, lane, user_id)
  select i.app_id, i.label, i.value, lane_of(i.candidate), i.candidate
  from jsonb_to_recordset(identities) i (app_id uuid, label text, value text, candidate uuid)
  order by i.app_id, i.label, i.value
  on conflict do nothing;

  with owned as materialized (
    select i.n, i.label, i.value, i.candidate, a.user_id
    from jsonb_to_recordset(identities) i (n int, app_id uuid, label text, value text, candidate uuid)
    left join lateral (
      select a.user_id from aliases a
      where a.app_id = i.app_id and a.label = i.label and a.value = i.value limit 1) a on true
  ), names as materialized (
    select o.n,
      (array_agg(o.user_id order by o.label <> 'external_id', o.label)
        filter (where o.user_id <> o.candidate))[1] as owner,
      bool_or(o.user_id is null) as vanished,
      bool_or(o.user_id = o.candidate) as adds,
      bool_or(o.user_id = o.candidate and o.label <> 'external_id') as grows,
      bool_or(o.user_id = o.candidate and o.label = 'external_id') as names
    from owned o group by o.n
  ), found as materialized (
    select r.*, r.owner is not null and u.id is not null as existing, u.external_id as present_external_id
    from (
      select r.*, coalesce(m.vanished, false) as vanished, coalesce(m.adds, false) as adds,
        coalesce(m.grows, false) as grows, coalesce(m.names, false) as names,
        case when r.must_exist then coalesce(r.by_id, a.user_id)
          else coalesce(m.owner, r.candidate) end as owner
      from jsonb_to_recordset(requests) r (
        n int, app_id uuid, candidate uuid, must_exist boolean, by_id uuid, by_label text, by_value text,
        replace_external_id boolean, external_id text)
      left join names m on m.n = r.n
      left join lateral (
        select a.user_id from aliases a
        where a.app_id = r.app_id and a.label = r.by_label and a.value = r.by_value limit 1) a on true
    ) r
    left join lateral (
      select u.id, u.external_id from users u
      where u.lane = lane_of(r.owner) and u.id = r.owner and u.app_id = r.app_id limit 1) u on true
  ), claimed as (
    select f.n, jsonb_object_agg(o.label, o.value) as aliases
    from found f join owned o on o.n = f.n
    where o.user_id not in (f.owner, f.candidate)
       -- The user is already somebody else: what led to it cannot be had together with this name.
       or (f.existing and not f.replace_external_id and f.present_external_id <> f.external_id
           and (o.user_id = f.owner or (f.must_exist and o.label = 'external_id')))
    group by f.n
  ), device as materialized (
    select d.n, d.app_id, d.given_id, s.id is not null or d.token is not null as usable,
      coalesce(s.type, d.type) as type,
      coalesce(subscription_key(s.token, s.id), nullif(d.token, ''), d.new_id::text) as key
    from jsonb_to_recordset(devices) d (
      n int, app_id uuid, given_id uuid, new_id uuid, type text, token text)
    left join lateral (
      select m.lane from moved_subscriptions m where m.subscription_id = d.given_id limit 1) m on true
    left join lateral (
      select s.id, s.type, s.token from subscriptions s
      where s.lane = coalesce(m.lane, lane_of(d.given_id)) and s.id = d.given_id and s.app_id = d.app_id
      limit 1) s on true
  ), missing as (
    select d.n, jsonb_agg(d.given_id) as ids from device d where not d.usable group by d.n
  ), crowded as (
    select l.n from (
      select o.n, o.label from owned o where o.label <> 'external_id'
      union
      select f.n, a.label from found f
      cross join lateral (
        select a.label from aliases a
        where a.user_id = f.owner and a.label <> 'external_id' limit alias_limit + 1) a
      where f.grows
    ) l
    group by l.n having count(*) > alias_limit
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
  ), decided as (
    select v.*, case when s.n is null then v.verdict else 'again' end as outcome
    from verdict v left join second s on s.n = v.n
  )
  select
    jsonb_agg(r.request || jsonb_build_object(
      'outcome', d.outcome, 'detail', d.detail, 'lane', lane_of(d.owner), 'user_id', d.owner,
      'names', d.names, 'adds', d.adds, 'grows', d.grows)),
    bool_or(d.adds and d.outcome not in ('created', 'updated')),
    count(*) filter (where d.outcome = 'updated'),
    bool_or(d.adds and d.outcome = 'updated'),
    bool_or(d.grows and d.outcome in ('created', 'updated'))
  into plan, refused, updates, renames, grown
  from decided d
  join (select (request ->> 'n')::int as n, request from jsonb_array_elements(requests) as request) r
    on r.n = d.n;

  perform set_config('enable_hashjoin', 'off', true);

  if refused then
    -- What the first statement inserted for requests that do nothing.
    delete from aliases a
    using jsonb_to_recordset(plan) p (candidate uuid, outcome text, adds boolean)
    where p.adds and p.outcome not in ('created', 'updated') and a.user_id = p.candidate;
  end if;

  insert into users (lane, id, app_id, external_id, tags, language, timezone_id, country, properties,
    first_active, last_active, updated_at)
  select p.lane, p.user_id, p.app_id, p.external_id, p.tags, p.language, p.timezone_id, p.country,
    p.properties, at, at, at
  from jsonb_to_recordset(plan) p (
    app_id uuid, outcome text, lane int, user_id uuid, external_id text, tags jsonb, language text,
    timezone_id text, country text, properties jsonb)
  where p.outcome = 'created'
  order by p.lane, p.user_id;

  if updates > 0 then
    update users u set
      external_id = case when x.names then x.external_id else u.external_id end,
      tags = (u.tags || x.tags) - x.gone_tags,
      language = coalesce(x.language, u.language),
      timezone_id = coalesce(x.timezone_id, u.timezone_id),
      country = coalesce(x.country, u.country),
      properties = (u.properties || x.properties) - x.gone_properties,
      last_active = case when x.touch then greatest(u.last_active, at) else u.last_active end,
      updated_at = at
    from (
      select p.* from jsonb_to_recordset(plan) p (
        app_id uuid, outcome text, lane int, user_id uuid, names boolean, replace_external_id boolean,
        external_id text, touch boolean, tags jsonb, gone_tags text[], language text, timezone_id text,
        country text, properties jsonb, gone_properties text[])
      where p.outcome = 'updated'
      order by p.lane, p.user_id
    ) x
    where u.lane = x.lane and u.id = x.user_id and u.app_id = x.app_id
      and (not x.names or x.replace_external_id or u.external_id is null);
    get diagnostics touched = row_count;
    if touched < updates then
      raise exception 'a user was deleted or named by someone else' using errcode = '40001';
    end if;
  end if;

  if renames then
    -- The labels that a user gives another value to. Its row lock is held from here on.
    delete from aliases old
    using jsonb_to_recordset(plan) p (app_id uuid, candidate uuid, outcome text, user_id uuid, adds boolean),
      aliases new
    where p.adds and p.outcome = 'updated' and new.user_id = p.candidate and new.app_id = p.app_id
      and old.user_id = p.user_id and old.app_id = p.app_id and old.label = new.label;

    update aliases a set user_id = p.user_id, lane = p.lane
    from jsonb_to_recordset(plan) p (
      app_id uuid, candidate uuid, outcome text, lane int, user_id uuid, adds boolean)
    where p.adds and p.outcome = 'updated' and a.user_id = p.candidate and a.app_id = p.app_id;
  end if;

  if grown and exists (
    select from jsonb_to_recordset(plan) p (outcome text, user_id uuid, grows boolean)
    join aliases a on a.user_id = p.user_id and a.label <> 'external_id'
    where p.grows and p.outcome in ('created', 'updated')
    group by p.user_id having count(*) > alias_limit
  ) then
    raise exception 'two writers filled the aliases of a user' using errcode = '40001';
  end if;

  if jsonb_array_length(devices) > 0 then
    perform set_config('enable_hashjoin', 'on', true);
    -- Which row of tokens stands for each subscription.
    select jsonb_agg(d.device || jsonb_build_object(
      'lane', p.lane, 'user_id', p.user_id, 'given_id', s.id, 'new_id', id_in_lane(d.new_id, p.lane),
      'type', coalesce(s.type, d.type),
      'key', case when s.id is not null then subscription_key(s.token, s.id)
        else subscription_key(d.token, id_in_lane(d.new_id, p.lane)) end))
    into places
    from jsonb_to_recordset(plan) p (n int, app_id uuid, outcome text, lane int, user_id uuid)
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
    where p.outcome in ('created', 'updated') and (s.id is not null or d.token is not null);
    perform set_config('enable_hashjoin', 'off', true);
  end if;

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

    -- `place` says where each subscription is now. Several entries of one request may name the same
    -- one: the first counts.
    select
      jsonb_agg(x.entry || jsonb_build_object(
        'subscription_id', x.subscription_id, 'from_lane', x.from_lane, 'place', x.place,
        'first', x.entry_number = 1)),
      bool_or(x.changed or x.place = 'gone')
    into places, refused
    from (
      select e.entry, t.subscription_id,
        row_number() over (partition by t.subscription_id order by e.position) as entry_number,
        case when here.user_id is not null then t.lane else t.prev_lane end as from_lane,
        case when here.user_id = e.user_id then 'here'
          when here.user_id is not null or there.user_id is not null then 'elsewhere'
          when e.given_id is not null then 'gone'
          else 'new' end as place,
        coalesce(e.given_id <> t.subscription_id, false) as changed
      from (
        select (entry ->> 'position')::int as position, (entry ->> 'app_id')::uuid as app_id,
          (entry ->> 'user_id')::uuid as user_id, entry ->> 'type' as type, entry ->> 'key' as key,
          (entry ->> 'given_id')::uuid as given_id, entry
        from jsonb_array_elements(places) as entry
      ) e
      cross join lateral (
        select t.lane, t.prev_lane, t.subscription_id from tokens t
        where t.app_id = e.app_id and t.type = e.type and t.token = e.key limit 1) t
      left join lateral (
        select s.user_id from subscriptions s where s.lane = t.lane and s.id = t.subscription_id
        limit 1) here on true
      left join lateral (
        select s.user_id from subscriptions s where s.lane = t.prev_lane and s.id = t.subscription_id
        limit 1) there on true
    ) x;
    if refused then
      raise exception 'a subscription was deleted or given another token' using errcode = '40001';
    end if;

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

    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, last_active, created_at, updated_at)
    select x.lane, x.subscription_id, x.app_id, x.user_id, x.type, x.channel, x.token,
      coalesce(x.enabled, x.notification_types > 0, true),
      opt_in_reason(x.enabled, x.notification_types, (x.token <> '')::int),
      x.device, coalesce(x.session_count, 0), coalesce(x.session_time, 0), at, at, at
    from jsonb_to_recordset(places) x (
      lane int, subscription_id uuid, app_id uuid, user_id uuid, place text, first boolean, type text,
      channel text, token text, enabled boolean, notification_types int, device jsonb, session_count int,
      session_time bigint)
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
      select x.* from jsonb_to_recordset(places) x (
        lane int, subscription_id uuid, place text, first boolean, enabled boolean, notification_types int,
        device jsonb, session_count int, session_time bigint)
      where x.place <> 'new' and x.first
      order by x.lane, x.subscription_id
    ) d
    where s.lane = d.lane and s.id = d.subscription_id and (
      s.enabled <> coalesce(d.enabled, d.notification_types > 0, s.enabled)
      or s.notification_types <> opt_in_reason(d.enabled, d.notification_types, s.notification_types)
      or not s.device @> d.device
      or s.session_count <> d.session_count or s.session_time <> d.session_time);
  end if;

  perform set_config('enable_hashjoin', 'on', true);
  return query
  with held as (
    select x.n, jsonb_agg(to_jsonb(s) || jsonb_build_object('place', x.place, 'position', x.position)) as rows
    from jsonb_to_recordset(places) x (n int, position int, lane int, subscription_id uuid, place text)
    cross join lateral (
      select * from subscriptions s where s.lane = x.lane and s.id = x.subscription_id limit 1) s
    group by x.n
  )
  select p.n, p.outcome, p.detail, to_jsonb(u), a.labels, h.rows
  from jsonb_to_recordset(plan) p (
    n int, outcome text, detail jsonb, app_id uuid, lane int, user_id uuid)
  left join held h on h.n = p.n
  left join lateral (
    select * from users u
    where p.outcome in ('created', 'updated') and u.lane = p.lane and u.id = p.user_id limit 1) u on true
  left join lateral (
    select jsonb_object_agg(a.label, a.value) as labels from aliases a
    where a.user_id = u.id and a.app_id = p.app_id) a on true;
end $$;
