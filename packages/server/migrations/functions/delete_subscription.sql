-- Deletes one subscription, and says whether there was one.
create function delete_subscription(app uuid, asked uuid) returns boolean
language plpgsql as $$
declare
  present subscriptions;
  held tokens;
begin
  select s.* into present from subscriptions s
  where s.lane = coalesce(
      (select m.lane from moved_subscriptions m where m.subscription_id = asked), lane_of(asked))
    and s.id = asked and s.app_id = app;
  if not found then
    return false;
  end if;
  delete from tokens t
  where t.app_id = app and t.type = present.type and t.token = subscription_key(present.token, asked)
    and t.subscription_id = asked
  returning t.* into held;
  if not found then
    raise exception 'the subscription was deleted or given another token' using errcode = '40001';
  end if;
  delete from subscriptions s where s.lane = held.lane and s.id = asked;
  delete from moved_subscriptions m where m.subscription_id = asked;
  return true;
end $$;
