-- Deletes those of the named users, who have just lost an alias, whom nothing is left of. Their rows are held
-- by the caller. Whoever takes a subscription away saw the alias still, and leaves the user alone: its
-- tokens are waited for, so that either this or that one sees what is left.
-- candidates: as for delete_orphans
create function delete_abandoned(candidates jsonb, at timestamptz) returns void
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  perform from jsonb_to_recordset(candidates) x (lane int, user_id uuid)
  cross join lateral (
    select s.app_id, s.type, subscription_key(s.token, s.id) as key from subscriptions s
    where s.lane = x.lane and s.user_id = x.user_id
      and not exists (select from aliases a where a.user_id = x.user_id)) s
  join tokens t on t.app_id = s.app_id and t.type = s.type and t.token = s.key
  order by t.app_id, t.type collate "C", t.token collate "C" for update of t;
  perform delete_orphans(candidates, at);
end $$;
