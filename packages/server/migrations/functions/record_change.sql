-- One line in the history of a user. history: source, actor, changes.
create function record_change(
  of_lane int, of_user uuid, app uuid, action text, history jsonb, at timestamptz
) returns void
language sql
as $$
  insert into user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
  values (of_lane, of_user, timed_id(at), (at at time zone 'UTC')::date, app, action, history ->> 'source',
    (history ->> 'actor')::uuid, history -> 'changes', at);
$$;
