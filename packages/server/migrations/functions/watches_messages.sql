-- Whether what happens to messages counts as a change of their users in an app. Sees what was committed when it
-- is called, not what the statement that calls it sees.
create function watches_messages(app uuid) returns boolean
language plpgsql
as $$
begin
  return exists (select from watched_apps w where w.app_id = app and w.message_events);
end $$;
