-- What waits in one lane, newest message first: so that a user can be told what is still to come, without
-- a look at what is scheduled for everybody else.
create index message_chunks_unfinished_by_lane on message_chunks (lane, message_id) where state <> 'done';
