-- Makes one user of two: `kept` gets what `gone` has, and `gone` is deleted. Where both have something of
-- the same name (a label, a tag, a property) that of `kept` stays. Subscriptions move with what is known of
-- consent. history: source, actor, changes. names: see check_names.
-- outcome: merged, with `detail` the aliases that had no room because `kept` has another value of that label;
-- no-user, with `detail` the id that does not exist; too-many-aliases; too-many-tags.
create function merge_users(
  app uuid, kept_lane int, kept uuid, gone_lane int, gone uuid, alias_limit int, tag_limit int,
  subscription_limit int, history jsonb, at timestamptz,
  names jsonb default '[]'
) returns table (outcome text, detail jsonb)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  here users;
  there users;
  given jsonb;
  dropped jsonb;
  arrivals jsonb;
begin
  perform from users u
  where u.app_id = app and (u.lane, u.id) in ((kept_lane, kept), (gone_lane, gone))
  order by u.lane, u.id for update;
  -- Before anybody is missed: an alias may lead to another user by now.
  perform check_names(app, names);
  select u.* into here from users u where u.lane = kept_lane and u.id = kept and u.app_id = app;
  if not found then
    return query select 'no-user', to_jsonb(kept);
    return;
  end if;
  select u.* into there from users u where u.lane = gone_lane and u.id = gone and u.app_id = app;
  if not found then
    return query select 'no-user', to_jsonb(gone);
    return;
  end if;
  if (select count(*) from jsonb_object_keys(there.tags || here.tags))
      > greatest(tag_limit, (select count(*) from jsonb_object_keys(here.tags))) then
    return query select 'too-many-tags', null::jsonb;
    return;
  end if;

  select jsonb_object_agg(a.label, a.value) filter (where o.label is null),
    jsonb_object_agg(a.label, a.value) filter (where o.label is not null)
  into given, dropped
  from aliases a
  left join aliases o on o.user_id = kept and o.label = a.label
  where a.user_id = gone;
  if (select count(*) from (
      select a.label from aliases a where a.user_id = kept
      union all
      select jsonb_object_keys(coalesce(given, '{}'))) l where l.label <> 'external_id') > alias_limit then
    return query select 'too-many-aliases', null::jsonb;
    return;
  end if;
  delete from aliases a where a.user_id = gone;
  insert into aliases (app_id, label, value, lane, user_id)
  select app, g.key, g.value, kept_lane, kept from jsonb_each_text(coalesce(given, '{}')) g
  order by g.key collate "C";

  update tokens t set prev_lane = t.lane, lane = kept_lane, user_id = kept
  from (
    select s.type, subscription_key(s.token, s.id) as key from subscriptions s
    where s.lane = gone_lane and s.user_id = gone
    order by s.type collate "C", subscription_key(s.token, s.id) collate "C"
  ) s
  where t.app_id = app and t.type = s.type and t.token = s.key and t.user_id = gone;
  with moving as (
    delete from subscriptions s using tokens t
    where s.lane = gone_lane and s.user_id = gone
      and t.app_id = app and t.type = s.type and t.token = subscription_key(s.token, s.id)
      and t.subscription_id = s.id and t.user_id = kept
    returning s.*
  ), placed as (
    insert into subscriptions (lane, id, app_id, user_id, type, channel, token, enabled, notification_types,
      device, session_count, session_time, last_active, consented_at, created_at, updated_at)
    select kept_lane, m.id, m.app_id, kept, m.type, m.channel, m.token, m.enabled, m.notification_types,
      m.device, m.session_count, m.session_time, m.last_active, m.consented_at, m.created_at, merge_users.at
    from moving m
    returning id
  )
  select jsonb_agg(jsonb_build_object('lane', kept_lane, 'user_id', kept, 'subscription_id', p.id))
  into arrivals from placed p;
  if exists (select from subscriptions s where s.lane = gone_lane and s.user_id = gone) then
    raise exception 'a subscription was given another token' using errcode = '40001';
  end if;
  insert into moved_subscriptions as m (subscription_id, lane)
  select x.subscription_id, kept_lane from jsonb_to_recordset(arrivals) x (subscription_id uuid)
  order by x.subscription_id
  on conflict (subscription_id) do update set
    lane = excluded.lane, former_lanes = array_remove(m.former_lanes, m.lane) || m.lane;
  with moving as (
    delete from consents c using jsonb_to_recordset(arrivals) x (subscription_id uuid)
    where gone_lane <> kept_lane and c.lane = gone_lane and c.subscription_id = x.subscription_id
    returning c.*
  )
  insert into consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
  select kept_lane, m.subscription_id, m.at, m.source, m.app_id, m.granted, m.wording, m.recorded_at
  from moving m;

  update users u set
    external_id = coalesce(u.external_id, given ->> 'external_id'),
    tags = there.tags || u.tags,
    language = coalesce(u.language, there.language),
    timezone_id = coalesce(u.timezone_id, there.timezone_id),
    country = coalesce(u.country, there.country),
    properties = there.properties || u.properties,
    session_count = u.session_count + there.session_count,
    session_time = u.session_time + there.session_time,
    amount_spent = case when coalesce(u.amount_spent, there.amount_spent) is null then null
      else coalesce(u.amount_spent, 0) + coalesce(there.amount_spent, 0) end,
    purchases = case when coalesce(u.purchases, there.purchases) is null then null
      else newest_entries(coalesce(there.purchases, '[]') || coalesce(u.purchases, '[]'), 100) end,
    first_active = least(u.first_active, there.first_active),
    last_active = greatest(u.last_active, there.last_active),
    updated_at = merge_users.at
  where u.lane = kept_lane and u.id = kept;
  delete from users u where u.lane = gone_lane and u.id = gone;
  perform inherit_former(app, gone_lane, gone, kept_lane, kept);

  perform note_change(kept_lane, app, kept, merge_users.at);
  perform note_change(gone_lane, app, gone, merge_users.at);
  perform record_change(kept_lane, kept, app, 'merged', jsonb_set(history, '{changes}',
    jsonb_strip_nulls(jsonb_build_object('merged_user', gone, 'aliases', given, 'dropped_aliases', dropped))),
    merge_users.at);
  if arrivals is not null then
    perform evict_subscriptions(arrivals, merge_users.at, subscription_limit);
  end if;
  return query select 'merged', coalesce(dropped, '{}');
end $$;
