-- What is due first of all: senders walk from app to app only when more is due than one look needs. Thousands
-- of apps that wait for tomorrow cost nothing then.
create index message_chunks_due on message_chunks (priority, due_at) where state <> 'done' and not paused;
