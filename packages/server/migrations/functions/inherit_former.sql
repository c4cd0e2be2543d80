-- A user is gone, and what was written about it belongs to another one: so does what it had taken over.
create function inherit_former(app uuid, gone_lane int, gone uuid, heir_lane int, heir uuid) returns void
language sql
as $$
  with theirs as (
    delete from former_users f where f.lane = gone_lane and f.user_id = gone
    returning f.former_lane, f.former_id
  )
  insert into former_users (lane, user_id, app_id, former_lane, former_id)
  select heir_lane, heir, app, t.former_lane, t.former_id from theirs t
  union all
  select heir_lane, heir, app, gone_lane, gone
  on conflict do nothing;
$$;
