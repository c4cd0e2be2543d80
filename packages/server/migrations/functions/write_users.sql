-- Writes a batch of users: creates or finds each, adds its aliases, merges its properties, and gives
-- it its subscriptions, taking them from whoever had them.
--
-- requests: a list of user_write, identities: n, app_id, label, value, candidate; devices: a list of
-- subscription_write.
--
-- One row comes back for each request. outcome:
--   created, updated
--   conflict          `detail` holds the aliases that belong to someone else
--   no-user           the addressed user does not exist
--   no-subscription   `detail` holds the ids of subscriptions that do not exist
--   too-many-aliases
--   too-many-tags
--   again             another request of the batch is about the same user or subscription, or took the
--                     last thing that the user had
-- Nothing is written for the last six. A race that cannot be settled here raises 40001: run it again.
--
-- Subscriptions are written by write_subscriptions. Plans are kept for the life of a connection, so none may
-- rest on a table being small. Tables are reached through `lateral ... limit 1`, or with hash and merge joins
-- off where rows are locked: both leave only the walk from the batch into the index, in the order of the
-- batch. What is known of the batch travels as arrays of typed rows: taking JSON apart in every statement
-- was a third of the time. Each array carries everything along, so that the locking statements join no two
-- sets of the batch.
create function write_users(
  requests jsonb, identities jsonb, devices jsonb, at timestamptz, alias_limit int, subscription_limit int
) returns table (n int, outcome text, detail jsonb, person json, identity json, subscriptions json)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = on
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  asked user_write[] := array(select r from jsonb_populate_recordset(null::user_write, requests) r);
  plan user_plan[];
  places subscription_place[];
  refused boolean;
  updates int;
  renames boolean;
  grown boolean;
  sessions boolean;
  touched int;
begin
  insert into aliases (app_id, label, value, lane, user_id)
  select i.app_id, i.label, i.value, lane_of(i.candidate), i.candidate
  from jsonb_to_recordset(identities) i (app_id uuid, label text, value text, candidate uuid)
  order by i.app_id, i.label collate "C", i.value collate "C"
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
      bool_or(o.user_id = o.candidate and o.label = 'external_id') as names,
      jsonb_agg(jsonb_build_object('label', o.label, 'value', o.value))
        filter (where o.user_id <> o.candidate) as led
    from owned o group by o.n
  ), found as materialized (
    select r.*, r.owner is not null and u.id is not null as existing,
      u.external_id as present_external_id, u.tags as present_tags
    from (
      select r as asked, r.n, r.app_id, r.candidate, r.must_exist, r.replace_external_id, r.external_id, r.tags,
        coalesce(m.vanished, false) as vanished, coalesce(m.adds, false) as adds,
        coalesce(m.grows, false) as grows, coalesce(m.names, false) as names, m.led,
        case when r.must_exist then coalesce(r.by_id, a.user_id)
          else coalesce(m.owner, r.candidate) end as owner
      from unnest(asked) r
      left join names m on m.n = r.n
      left join lateral (
        select a.user_id from aliases a
        where a.app_id = r.app_id and a.label = r.by_label and a.value = r.by_value limit 1) a on true
    ) r
    left join lateral (
      select u.id, u.external_id, u.tags from users u
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
      -- Two processes that add to one user at once may pass it by a few: it is a bound, not an invariant.
      when f.existing and f.tags <> '{}' and (
          select count(*) from jsonb_object_keys((f.present_tags || f.tags) - (f.asked).gone_tags)
        ) > greatest((f.asked).tag_limit, (select count(*) from jsonb_object_keys(f.present_tags))) then 'too-many-tags'
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
    array_agg(row(d.asked, d.outcome, d.detail, lane_of(d.owner), d.owner, d.names, d.adds, d.grows,
      d.led)::user_plan),
    bool_or(d.adds and d.outcome not in ('created', 'updated')),
    count(*) filter (where d.outcome = 'updated'),
    bool_or(d.adds and d.outcome = 'updated'),
    bool_or(d.grows and d.outcome in ('created', 'updated')),
    bool_or(d.outcome = 'updated' and (d.asked).session_subscription is not null)
  into plan, refused, updates, renames, grown, sessions
  from decided d;

  perform set_config('enable_hashjoin', 'off', true);

  if refused then
    -- What the first statement inserted for requests that do nothing.
    delete from aliases a
    using unnest(plan) p
    where p.adds and p.outcome not in ('created', 'updated') and a.user_id = (p.asked).candidate;
  end if;

  insert into users (lane, id, app_id, external_id, tags, language, timezone_id, country, properties,
    first_active, last_active, updated_at)
  select p.lane, p.user_id, (p.asked).app_id, (p.asked).external_id, (p.asked).tags, (p.asked).language,
    (p.asked).timezone_id, (p.asked).country, (p.asked).properties, at, at, at
  from unnest(plan) p
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
      session_count = u.session_count + coalesce(x.session_count, 0),
      session_time = u.session_time + coalesce(x.session_time, 0),
      amount_spent = case when x.amount_spent is null then u.amount_spent
        else coalesce(u.amount_spent, 0) + x.amount_spent end,
      purchases = case when x.purchases is null then u.purchases
        else newest_entries(coalesce(u.purchases, '[]') || x.purchases, 100) end,
      updated_at = at
    from (
      select p.lane, p.user_id, p.names, (p.asked).* from unnest(plan) p
      where p.outcome = 'updated'
      order by p.lane, p.user_id
    ) x
    where u.lane = x.lane and u.id = x.user_id and u.app_id = x.app_id
      and (not x.names or x.replace_external_id or u.external_id is null);
    get diagnostics touched = row_count;
    if touched < updates then
      raise exception 'a user was deleted or named by someone else' using errcode = '40001';
    end if;
    -- What led to these users was read before their rows were locked: it must lead to them still.
    if exists (
      select from unnest(plan) p
      cross join lateral (
        select l.label, l.value from jsonb_to_recordset(p.led) l (label text, value text)
        union all
        select (p.asked).by_label, (p.asked).by_value where (p.asked).by_label is not null) l
      left join lateral (
        select a.user_id from aliases a
        where a.app_id = (p.asked).app_id and a.label = l.label and a.value = l.value limit 1) a on true
      where p.outcome = 'updated' and a.user_id is distinct from p.user_id
    ) then
      raise exception 'an alias was given to someone else' using errcode = '40001';
    end if;
  end if;

  if renames then
    -- The labels that a user gives another value to. Its row lock is held from here on.
    delete from aliases old
    using unnest(plan) p, aliases new
    where p.adds and p.outcome = 'updated'
      and new.user_id = (p.asked).candidate and old.user_id = p.user_id and old.label = new.label;

    update aliases a set user_id = p.user_id, lane = p.lane
    from unnest(plan) p
    where p.adds and p.outcome = 'updated'
      and a.user_id = (p.asked).candidate;
  end if;

  if grown and exists (
    select from unnest(plan) p
    join aliases a on a.user_id = p.user_id and a.label <> 'external_id'
    where p.grows and p.outcome in ('created', 'updated')
    group by p.user_id having count(*) > alias_limit
  ) then
    raise exception 'two writers filled the aliases of a user' using errcode = '40001';
  end if;

  if jsonb_array_length(devices) > 0 then
    places := write_subscriptions(plan, devices, at, subscription_limit);
  end if;

  if sessions then
    update subscriptions s set
      session_count = s.session_count + coalesce(x.session_count, 0),
      session_time = s.session_time + coalesce(x.session_time, 0),
      last_active = greatest(s.last_active, at),
      updated_at = at
    from (
      select p.lane, p.user_id, (p.asked).* from unnest(plan) p
      where p.outcome = 'updated' and (p.asked).session_subscription is not null
      order by p.lane, (p.asked).session_subscription
    ) x
    where s.lane = x.lane and s.id = x.session_subscription and s.user_id = x.user_id;
  end if;

  insert into user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
  select p.lane, p.user_id, ((p.asked).history ->> 'id')::uuid, (at at time zone 'UTC')::date, (p.asked).app_id,
    p.outcome, (p.asked).source, ((p.asked).history ->> 'actor')::uuid, (p.asked).history -> 'changes', at
  from unnest(plan) p
  where p.outcome in ('created', 'updated') and (p.asked).history is not null;

  if exists (select from watched_apps) then
    insert into changed_users (lane, app_id, user_id, active, at)
    select c.lane, c.app_id, c.user_id, c.active, at
    from (
      select p.lane, (p.asked).app_id, p.user_id, (p.asked).touch as active from unnest(plan) p
      where p.outcome in ('created', 'updated')
      union all
      select x.from_lane, (x.asked).app_id, x.from_user_id, false from unnest(places) x
      where x.place = 'elsewhere' and x.first) c
    where exists (select from watched_apps w where w.app_id = c.app_id);
  end if;

  if places is not null and exists (select from feed_topics t where t.topic = 'subscriptions') then
    perform tell_subscriptions((
      select jsonb_agg(jsonb_build_object('lane', s.lane, 'app_id', s.app_id, 'user_id', s.user_id,
        'subscription_id', s.id, 'type', s.type, 'channel', s.channel, 'notification_types', s.notification_types,
        'kind', case when x.place = 'new' then 'subscription.created'
          when s.enabled then 'subscription.opted_in' else 'subscription.opted_out' end))
      from unnest(places) x
      join subscriptions s on s.lane = x.lane and s.id = x.subscription_id
      where x.first and (x.place = 'new' or x.switched)), at);
  end if;

  perform set_config('enable_hashjoin', 'on', true);
  return query
  with held as (
    select (x.asked).n, json_agg(json_build_object(
      'row', s, 'place', x.place, 'position', (x.asked).position)) as rows
    from unnest(places) x
    cross join lateral (
      select * from subscriptions s where s.lane = x.lane and s.id = x.subscription_id limit 1) s
    group by 1
  )
  -- A user whose last subscription was taken by another request of the batch is gone: written in vain.
  select (p.asked).n,
    case when p.outcome in ('created', 'updated') and u.id is null then 'again' else p.outcome end,
    p.detail, to_json(u), a.labels, h.rows
  from unnest(plan) p
  left join held h on h.n = (p.asked).n
  left join lateral (
    select * from users u
    where p.outcome in ('created', 'updated') and u.lane = p.lane and u.id = p.user_id limit 1) u on true
  left join lateral (
    select json_object_agg(a.label, a.value) as labels from aliases a
    where a.user_id = u.id) a on true;
end $$;
