-- A user that is being erased together with those it has taken over: [{lane, userId}]. They are taken over
-- no more.
create function take_former(of_lane int, of_id uuid) returns jsonb
language sql
as $$
  with theirs as (
    delete from former_users f where f.lane = of_lane and f.user_id = of_id
    returning f.former_lane as lane, f.former_id as id
  )
  select jsonb_agg(jsonb_build_object('lane', x.lane, 'userId', x.id))
  from (select of_lane as lane, of_id as id union all select t.lane, t.id from theirs t) x;
$$;
