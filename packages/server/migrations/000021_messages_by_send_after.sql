-- The messages of an app in the order in which they are due: `time_offset` pages through them.
create index messages_by_send_after on messages (app_id, send_after, id) where kind = 'api';
