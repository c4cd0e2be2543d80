-- Changes one subscription where it is. change: token (must be nobody else's), enabled,
-- notification_types, device, session_count, session_time, consent_at, consent_granted, consent_source,
-- consent_wording; what is null stays. of_token: what it was found by, null when by its id. history: source, actor, changes.
-- outcome: updated, no-subscription, token-taken. Raises 40001 when it moved meanwhile.
create function change_subscription(app uuid, asked uuid, change jsonb, history jsonb, at timestamptz)
returns table (outcome text, subscription jsonb)
language plpgsql as $$
declare
  present subscriptions;
  held tokens;
  old_key text;
  new_key text;
  new_token text := change ->> 'token';
  new_enabled boolean := (change ->> 'enabled')::boolean;
  new_types int := (change ->> 'notification_types')::int;
  said_at timestamptz := (change ->> 'consent_at')::timestamptz;
  switched boolean;
begin
  select s.* into present from subscriptions s
  where s.lane = coalesce(
      (select m.lane from moved_subscriptions m where m.subscription_id = asked), lane_of(asked))
    and s.id = asked and s.app_id = app;
  if not found then
    return query select 'no-subscription', null::jsonb;
    return;
  end if;
  old_key := subscription_key(present.token, asked);
  new_key := subscription_key(coalesce(new_token, present.token), asked);

  -- Both rows in their order; what is there is locked and stays as it is.
  insert into tokens as t (app_id, type, token, lane, subscription_id, user_id)
  select distinct app, present.type, k, present.lane, asked, present.user_id
  from unnest(array[old_key, new_key]) as k order by k
  on conflict (app_id, type, token) do update set prev_lane = t.prev_lane where false;

  select t.* into held from tokens t
  where t.app_id = app and t.type = present.type and t.token = old_key;
  select s.* into present from subscriptions s where s.lane = held.lane and s.id = asked;
  if not found or held.subscription_id <> asked or subscription_key(present.token, asked) <> old_key
      or present.token <> change ->> 'of_token' then
    raise exception 'the subscription was moved, deleted or given another token' using errcode = '40001';
  end if;

  if new_key <> old_key then
    if exists (select from tokens t where t.app_id = app and t.type = present.type and t.token = new_key
               and t.subscription_id <> asked) then
      return query select 'token-taken', null::jsonb;
      return;
    end if;
    delete from tokens t where t.app_id = app and t.type = present.type and t.token = old_key;
    update tokens t set lane = held.lane, user_id = held.user_id, prev_lane = held.prev_lane
    where t.app_id = app and t.type = present.type and t.token = new_key;
  end if;

  -- An older fact than the one that is known changes nothing, and neither does an error that passes.
  if said_at < present.consented_at or (retries_by_itself(new_types) and present.notification_types > 0) then
    new_enabled := null;
    new_types := null;
  end if;
  switched := coalesce(coalesce(new_enabled, new_types > 0) <> present.enabled, false);

  if said_at is not null or switched then
    insert into consents (lane, subscription_id, at, source, app_id, granted, wording, recorded_at)
    values (held.lane, asked, coalesce(said_at, change_subscription.at),
      coalesce(change ->> 'consent_source', history ->> 'source'), app,
      coalesce((change ->> 'consent_granted')::boolean, new_enabled, new_types > 0),
      change ->> 'consent_wording', change_subscription.at)
    on conflict do nothing;
  end if;

  update subscriptions s set
    token = coalesce(new_token, s.token),
    enabled = coalesce(new_enabled, new_types > 0, s.enabled),
    notification_types = opt_in_reason(new_enabled, new_types, s.notification_types),
    device = s.device || (change -> 'device'),
    session_count = coalesce((change ->> 'session_count')::int, s.session_count),
    session_time = coalesce((change ->> 'session_time')::bigint, s.session_time),
    consented_at = greatest(s.consented_at,
      coalesce(said_at, case when switched then change_subscription.at end)),
    updated_at = change_subscription.at
  where s.lane = held.lane and s.id = asked
  returning s.* into present;

  perform note_change(held.lane, app, held.user_id, change_subscription.at);
  perform record_change(held.lane, held.user_id, app, 'subscription-updated',
    jsonb_set(history, '{changes,subscription_id}', to_jsonb(asked)), change_subscription.at);
  if switched and exists (select from feed_topics t where t.app_id = app and t.topic = 'subscriptions') then
    perform tell_subscriptions(jsonb_build_array(jsonb_build_object('lane', held.lane, 'app_id', app,
      'user_id', held.user_id, 'subscription_id', asked, 'type', present.type, 'channel', present.channel,
      'notification_types', present.notification_types,
      'kind', case when present.enabled then 'subscription.opted_in' else 'subscription.opted_out' end)),
      change_subscription.at);
  end if;
  return query select 'updated', to_jsonb(present);
end $$;
