-- Changes one subscription where it is. A new token, `new_token`, null to keep the one it has, must be
-- nobody else's. outcome: updated, no-subscription, token-taken. Raises 40001 when it moved meanwhile.
create function change_subscription(
  app uuid, asked uuid, new_token text, new_enabled boolean, new_notification_types int, new_device jsonb,
  new_session_count int, new_session_time bigint, at timestamptz
) returns table (outcome text, subscription jsonb)
language plpgsql as $$
declare
  present subscriptions;
  held tokens;
  old_key text;
  new_key text;
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
  if not found or held.subscription_id <> asked or subscription_key(present.token, asked) <> old_key then
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

  update subscriptions s set
    token = coalesce(new_token, s.token),
    enabled = coalesce(new_enabled, new_notification_types > 0, s.enabled),
    notification_types = opt_in_reason(new_enabled, new_notification_types, s.notification_types),
    device = s.device || new_device,
    session_count = coalesce(new_session_count, s.session_count),
    session_time = coalesce(new_session_time, s.session_time),
    updated_at = at
  where s.lane = held.lane and s.id = asked
  returning s.* into present;
  return query select 'updated', to_jsonb(present);
end $$;
