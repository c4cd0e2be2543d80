-- Every lane in which a subscription has been: the first, which its id names, those between, the present one.
create function lanes_of(subscription_id uuid, present int, former int[]) returns int[]
language sql immutable
as $$
  select array(
    select distinct l from unnest(coalesce(former, '{}') || present || lane_of(subscription_id)) l order by l);
$$;
