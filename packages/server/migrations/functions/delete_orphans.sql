-- Deletes those of the named users whom nothing is left of: no alias and no subscription. What is held about
-- one belongs to the heir, who has got the last thing of it; without an heir it is erased. Their rows are
-- locked after those of tokens, so nobody is waited for: where one is held, 40001 says to run again.
-- candidates: lane, user_id, and heir_lane, heir_id where there is an heir
create function delete_orphans(candidates jsonb, at timestamptz) returns void
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  c record;
  former jsonb;
begin
  for c in
    select x.lane, x.user_id, x.heir_lane, x.heir_id, u.app_id
    from jsonb_to_recordset(candidates) x (lane int, user_id uuid, heir_lane int, heir_id uuid)
    join users u on u.lane = x.lane and u.id = x.user_id
    where not exists (select from aliases a where a.user_id = x.user_id)
    order by x.lane, x.user_id, x.heir_lane, x.heir_id
  loop
    perform from users u where u.lane = c.lane and u.id = c.user_id for update skip locked;
    if found then
      -- Read anew: whoever gave it something before the lock has committed that.
      delete from users u
      where u.lane = c.lane and u.id = c.user_id
        and not exists (select from aliases a where a.user_id = c.user_id)
        and not exists (select from subscriptions s where s.lane = c.lane and s.user_id = c.user_id);
      if found then
        perform note_change(c.lane, c.app_id, c.user_id, at);
      end if;
      if found and c.heir_id is not null then
        perform inherit_former(c.app_id, c.lane, c.user_id, c.heir_lane, c.heir_id);
      elsif found then
        former := take_former(c.lane, c.user_id);
        perform request_erasure(c.lane, c.app_id, 'user',
          -- Of their type: an untyped '[]' would be a text in what is built.
          jsonb_build_object('users', former, 'subscriptions', '[]'::jsonb, 'aliases', '[]'::jsonb,
            'addresses', '[]'::jsonb),
          null, '{"source": "system"}', at);
      end if;
    elsif exists (select from users u where u.lane = c.lane and u.id = c.user_id) then
      raise exception 'a user that may be left without anything is being written' using errcode = '40001';
    end if;
  end loop;
end $$;
