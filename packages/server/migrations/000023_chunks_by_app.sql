-- Senders look app by app, so that a million waiting chunks of one do not stand before everybody else's.
drop index message_chunks_unfinished;
create index message_chunks_unfinished on message_chunks (priority, app_id, due_at) where state <> 'done';
