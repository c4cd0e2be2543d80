-- Deletes one subscription, and says whether there was one; with it goes an anonymous user whom it was
-- the last thing of. What else is held about it is erased. history: source, actor, changes. Raises 40001
-- when it moved meanwhile.
create function delete_subscription(app uuid, asked uuid, history jsonb, at timestamptz) returns boolean
language plpgsql as $$
declare
  present subscriptions;
  held tokens;
  former int[];
begin
  select s.* into present from subscriptions s
  where s.lane = coalesce(
      (select m.lane from moved_subscriptions m where m.subscription_id = asked), lane_of(asked))
    and s.id = asked and s.app_id = app;
  if not found then
    return false;
  end if;
  perform from users u where u.lane = present.lane and u.id = present.user_id for update;
  delete from tokens t
  where t.app_id = app and t.type = present.type and t.token = subscription_key(present.token, asked)
    and t.subscription_id = asked and t.user_id = present.user_id
  returning t.* into held;
  if not found then
    raise exception 'the subscription was moved, deleted or given another token' using errcode = '40001';
  end if;
  delete from subscriptions s where s.lane = held.lane and s.id = asked;
  delete from moved_subscriptions m where m.subscription_id = asked returning m.former_lanes into former;
  delete from consents c where c.lane = held.lane and c.subscription_id = asked;
  perform note_change(held.lane, app, held.user_id, at);
  perform record_change(held.lane, held.user_id, app, 'subscription-deleted',
    jsonb_set(history, '{changes}', jsonb_build_object('subscription_id', asked, 'type', present.type)), at);
  perform request_erasure(held.lane, app, 'subscription',
    jsonb_build_object('users', '[]'::jsonb, 'aliases', '[]'::jsonb,
      'subscriptions', jsonb_build_array(
        jsonb_build_object('id', asked, 'lanes', lanes_of(asked, held.lane, former))),
      'addresses', case when present.token = '' then '[]' else jsonb_build_array(present.token) end),
    null, history, at);
  perform delete_orphans(jsonb_build_array(
    jsonb_build_object('lane', held.lane, 'user_id', held.user_id)), at);
  return true;
end $$;
