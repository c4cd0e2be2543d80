-- Gives a user aliases even where another user has them: they are taken from that one, who is deleted when
-- nothing is left of it. wanted: label to value. history: source, actor, changes.
-- names: see check_names.
-- outcome: taken, with all aliases of the user; no-user; too-many-aliases. Raises 40001 when somebody
-- claims the same meanwhile.
create function take_aliases(
  app uuid, of_lane int, of_id uuid, wanted jsonb, alias_limit int, history jsonb, at timestamptz,
  names jsonb default '[]'
) returns table (outcome text, identity jsonb)
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  renamed boolean;
  losers jsonb;
begin
  -- Names that nobody has come first, as everywhere; the others stay whose they are until those are held.
  with fresh as (
    insert into aliases (app_id, label, value, lane, user_id)
    select app, w.key, w.value, of_lane, of_id from jsonb_each_text(wanted) w
    order by w.key collate "C", w.value collate "C"
    on conflict do nothing
    returning label, value
  )
  select exists (
    select from fresh f
    join jsonb_to_recordset(names) x (label text, value text) on x.label = f.label and x.value = f.value
  ) into renamed;
  if renamed then
    -- Below it would lead to this user again.
    raise exception 'the alias that led to the user was given up' using errcode = '40001';
  end if;

  select jsonb_agg(distinct jsonb_build_object('lane', a.lane, 'user_id', a.user_id)) into losers
  from jsonb_each_text(wanted) w join aliases a on a.app_id = app and a.label = w.key and a.value = w.value
  where a.user_id <> of_id;

  perform from users u
  join (
    select of_lane as lane, of_id as id
    union
    select l.lane, l.user_id from jsonb_to_recordset(losers) l (lane int, user_id uuid)
    order by lane, id
  ) x on u.lane = x.lane and u.id = x.id
  where u.app_id = app
  order by u.lane, u.id for update of u;
  -- Before anybody is missed: an alias may lead to another user by now.
  perform check_names(app, names);
  if not exists (select from users u where u.lane = of_lane and u.id = of_id and u.app_id = app) then
    delete from aliases a where a.user_id = of_id;
    return query select 'no-user', null::jsonb;
    return;
  end if;
  -- From here on nobody gives them away. One that was given away before could be somebody's new one by now.
  if exists (
    select from jsonb_each_text(wanted) w
    where not exists (
      select from aliases a
      where a.app_id = app and a.label = w.key and a.value = w.value and (a.user_id = of_id or a.user_id in (
        select l.user_id from jsonb_to_recordset(losers) l (user_id uuid))))
  ) then
    raise exception 'somebody else claims one of these aliases' using errcode = '40001';
  end if;

  -- The user's own former values, and what others have.
  delete from aliases a
  using jsonb_each_text(wanted) w
  where a.app_id = app and a.label = w.key
    and (a.user_id = of_id and a.value <> w.value
      or a.value = w.value and a.user_id in (
        select l.user_id from jsonb_to_recordset(losers) l (user_id uuid)));
  update users u set external_id = null, updated_at = take_aliases.at
  from jsonb_to_recordset(losers) l (lane int, user_id uuid)
  where u.lane = l.lane and u.id = l.user_id and u.external_id = wanted ->> 'external_id';

  insert into aliases (app_id, label, value, lane, user_id)
  select app, w.key, w.value, of_lane, of_id from jsonb_each_text(wanted) w
  order by w.key collate "C", w.value collate "C"
  on conflict do nothing;
  if (select count(*) from aliases a where a.user_id = of_id and a.label <> 'external_id')
      > alias_limit then
    -- Everything above is undone with this.
    raise exception 'too many aliases' using errcode = 'CA001';
  end if;
  update users u set external_id = coalesce(wanted ->> 'external_id', u.external_id), updated_at = take_aliases.at
  where u.lane = of_lane and u.id = of_id;

  perform note_change(of_lane, app, of_id, take_aliases.at);
  perform note_change(l.lane, app, l.user_id, take_aliases.at)
  from jsonb_to_recordset(losers) l (lane int, user_id uuid);
  perform record_change(of_lane, of_id, app, 'aliases-taken', history, take_aliases.at);
  perform record_change(l.lane, l.user_id, app, 'aliases-lost',
    jsonb_set(history, '{changes}', (history -> 'changes') || jsonb_build_object('to', of_id)), take_aliases.at)
  from jsonb_to_recordset(losers) l (lane int, user_id uuid);
  if losers is not null then
    perform delete_abandoned((
      select jsonb_agg(l || jsonb_build_object('heir_lane', of_lane, 'heir_id', of_id))
      from jsonb_array_elements(losers) l), take_aliases.at);
  end if;
  return query select 'taken',
    (select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = of_id);
end $$;
