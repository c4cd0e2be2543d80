-- Notes down that a user has changed, where the app is watched. Called after the change: then the
-- transaction has its id, and whoever begins to watch and is not seen here waits until it has ended.
create function note_change(of_lane int, app uuid, changed uuid, at timestamptz) returns void
language sql
as $$
  insert into changed_users (lane, app_id, user_id, active, at)
  select of_lane, app, changed, false, at from watched_apps w where w.app_id = app;
$$;
