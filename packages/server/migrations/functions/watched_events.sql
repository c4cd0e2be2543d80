-- The names of events that count as changes of users in an app. Sees what was committed when it is called,
-- not what the statement that calls it sees.
create function watched_events(app uuid) returns text[]
language plpgsql
as $$
begin
  return (select w.event_names from watched_apps w where w.app_id = app);
end $$;
