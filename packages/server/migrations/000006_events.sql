-- Custom events: facts about users that a company sends in. The journeys' past.

-- Cut into days by the time of arrival, not by the caller's timestamp: a file of ten years of events
-- must not make thousands of partitions.
create table custom_events (
  lane int not null,
  received_at timestamptz not null,
  id uuid not null,
  app_id uuid not null,
  user_id uuid not null,
  name text not null,
  properties jsonb not null,
  at timestamptz not null,
  primary key (lane, received_at, id)
) partition by range (received_at);

-- Keys that make an event happen once. Kept for a few hours: best effort, as documented.
create table custom_event_keys (
  app_id uuid not null,
  key uuid not null,
  received_at timestamptz not null,
  primary key (app_id, key)
);
create index custom_event_keys_by_age on custom_event_keys (received_at);
