-- Providers that are down: a sending process writes here whom it hands nothing to for a while, so that
-- every process can tell. since: down since then, over all pauses; until: when it is tried again.
create table provider_pauses (
  app_id uuid not null references apps (id) on delete cascade,
  channel text not null,
  since timestamptz not null,
  until timestamptz not null,
  reason text not null,
  primary key (app_id, channel)
);

-- Senders look channel by channel, so that an email provider that is down or hangs keeps no pushes waiting.
drop index message_chunks_unfinished;
create index message_chunks_unfinished on message_chunks (priority, app_id, channel, due_at)
  where state <> 'done' and not paused;
