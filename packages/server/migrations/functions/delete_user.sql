-- Deletes a user with its aliases and subscriptions, and says whether there was one. What is taken from
-- it at the same moment is spared. names: see check_names.
create function delete_user(app uuid, of_lane int, of_id uuid, names jsonb default '[]') returns boolean
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  -- Nobody adds an alias or a subscription to a user whose row is held.
  perform from users u where u.lane = of_lane and u.id = of_id and u.app_id = app for update;
  if not found then
    return false;
  end if;
  perform check_names(app, names);
  delete from aliases a where a.user_id = of_id and a.app_id = app;
  delete from tokens t
  using (
    select s.type, s.id, subscription_key(s.token, s.id) as key from subscriptions s
    where s.lane = of_lane and s.user_id = of_id
    order by s.type, key
  ) s
  where t.app_id = app and t.type = s.type and t.token = s.key and t.subscription_id = s.id
    and t.user_id = of_id;
  -- Read anew: without those that moved away, with the present token of those that got another.
  with gone as (
    delete from subscriptions s where s.lane = of_lane and s.user_id = of_id
    returning s.type, s.id, subscription_key(s.token, s.id) as key
  ), rest as (
    delete from moved_subscriptions m using gone g where m.subscription_id = g.id
  ), said as (
    delete from consents c using gone g where c.lane = of_lane and c.subscription_id = g.id
  )
  delete from tokens t using gone g
  where t.app_id = app and t.type = g.type and t.token = g.key and t.subscription_id = g.id;
  delete from users u where u.lane = of_lane and u.id = of_id;
  return true;
end $$;
