-- Removes one alias of a user. outcome: deleted, with the aliases that are left; no-user; no-alias. A
-- user who has neither alias nor subscription then is deleted too. history: source, actor, changes.
-- names: see check_names.
create function delete_alias(
  app uuid, of_lane int, of_id uuid, gone_label text, history jsonb, at timestamptz,
  names jsonb default '[]'
) returns table (outcome text, identity jsonb)
language plpgsql as $$
declare
  was_there boolean;
begin
  update users u set
    external_id = case when gone_label = 'external_id' then null else u.external_id end,
    updated_at = delete_alias.at
  where u.lane = of_lane and u.id = of_id and u.app_id = app;
  was_there := found;
  -- Before anybody is missed: an alias may lead to another user by now.
  perform check_names(app, names);
  if not was_there then
    return query select 'no-user', null::jsonb;
    return;
  end if;
  -- By the user, who is of the app: the primary key would lead through everybody's aliases of that label.
  delete from aliases a where a.user_id = of_id and a.label = gone_label;
  if not found then
    return query select 'no-alias', null::jsonb;
    return;
  end if;
  perform note_change(of_lane, app, of_id, delete_alias.at);
  perform record_change(of_lane, of_id, app, 'alias-deleted',
    jsonb_set(history, '{changes}', jsonb_build_object('label', gone_label)), delete_alias.at);
  perform delete_abandoned(jsonb_build_array(jsonb_build_object('lane', of_lane, 'user_id', of_id)),
    delete_alias.at);
  return query select 'deleted', coalesce(
    (select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = of_id), '{}');
end $$;
