-- Deletes a user with its aliases and subscriptions, and asks for everything else about it to be erased.
-- Returns the id of that erasure, null when there was no such user. What is taken from it at the same moment
-- is spared. history: source, actor. names: see check_names.
create function delete_user(
  app uuid, of_lane int, of_id uuid, alias_hash bytea, history jsonb, at timestamptz, names jsonb default '[]'
) returns uuid
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  was_there boolean;
  known_as jsonb;
  devices jsonb;
  addresses jsonb;
begin
  -- Nobody adds an alias or a subscription to a user whose row is held.
  perform from users u where u.lane = of_lane and u.id = of_id and u.app_id = app for update;
  was_there := found;
  -- Before anybody is missed: an alias may lead to another user by now.
  perform check_names(app, names);
  if not was_there then
    return null;
  end if;
  with gone as (
    delete from aliases a where a.user_id = of_id returning a.label, a.value
  )
  select jsonb_agg(jsonb_build_object('label', g.label, 'value', g.value)) into known_as from gone g;
  delete from tokens t
  using (
    select s.type, s.id, subscription_key(s.token, s.id) as key from subscriptions s
    where s.lane = of_lane and s.user_id = of_id
    order by s.type collate "C", subscription_key(s.token, s.id) collate "C"
  ) s
  where t.app_id = app and t.type = s.type and t.token = s.key and t.subscription_id = s.id
    and t.user_id = of_id;
  -- Read anew: without those that moved away, with the present token of those that got another.
  with gone as (
    delete from subscriptions s where s.lane = of_lane and s.user_id = of_id
    returning s.type, s.id, s.token, subscription_key(s.token, s.id) as key
  ), rest as (
    delete from moved_subscriptions m using gone g where m.subscription_id = g.id
    returning m.subscription_id as id, m.former_lanes
  ), said as (
    delete from consents c using gone g where c.lane = of_lane and c.subscription_id = g.id
  ), freed as (
    delete from tokens t using gone g
    where t.app_id = app and t.type = g.type and t.token = g.key and t.subscription_id = g.id
  )
  select jsonb_agg(jsonb_build_object('id', g.id, 'lanes', lanes_of(g.id, of_lane, r.former_lanes))),
    jsonb_agg(g.token) filter (where g.token <> '')
  into devices, addresses
  from gone g left join rest r on r.id = g.id;
  delete from users u where u.lane = of_lane and u.id = of_id;
  perform note_change(of_lane, app, of_id, at);
  return request_erasure(of_lane, app, 'user',
    jsonb_build_object('users', take_former(of_lane, of_id), 'subscriptions', coalesce(devices, '[]'),
      'aliases', coalesce(known_as, '[]'), 'addresses', coalesce(addresses, '[]')),
    alias_hash, history, at);
end $$;
