-- Raises 40001 when an alias that led to a user leads there no longer: it was read before the user's row
-- was locked. Nobody gives it away while that lock is held. names: label, value, user_id
create function check_names(app uuid, names jsonb) returns void
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
  if exists (
    select from jsonb_to_recordset(names) x (label text, value text, user_id uuid)
    left join lateral (
      select a.user_id from aliases a
      where a.app_id = app and a.label = x.label and a.value = x.value limit 1) a on true
    where a.user_id is distinct from x.user_id
  ) then
    raise exception 'an alias was given to someone else' using errcode = '40001';
  end if;
end $$;
