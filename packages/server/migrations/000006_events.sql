-- Custom events: facts about users that a company sends in. The journeys' past.
create table custom_events (
  lane int not null,
  at timestamptz not null,
  id uuid not null,
  app_id uuid not null,
  user_id uuid not null,
  name text not null,
  properties jsonb not null,
  received_at timestamptz not null,
  primary key (lane, at, id)
) partition by range (at);
