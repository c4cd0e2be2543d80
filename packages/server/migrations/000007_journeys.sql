-- Journeys: what happens to a user, step by step, after an event.

create table journeys (
  app_id uuid not null,
  id uuid not null,
  name text not null,
  state text not null check (state in ('draft', 'active', 'archived')),
  definition jsonb not null,
  revision int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  archived_at timestamptz,
  primary key (app_id, id)
);

-- A run is one user's way through one journey; updated in place. rev counts its steps and is the
-- second guard beside the lane's epoch: a step computed on an old rev writes nothing.
create table journey_runs (
  lane int not null,
  id uuid not null,
  app_id uuid not null,
  journey_id uuid not null,
  user_id uuid not null,
  node int not null,
  rev int not null default 0,
  wake_at timestamptz,
  context jsonb not null default '{}',
  started_at timestamptz not null,
  primary key (lane, id)
);
create index journey_runs_due on journey_runs (wake_at) where wake_at is not null;
create index journey_runs_by_journey on journey_runs (lane, journey_id);

-- One line per step taken: the answer to "why did this user (not) get it".
create table journey_trace (
  lane int not null,
  run_id uuid not null,
  rev int not null,
  day date not null,
  app_id uuid not null,
  journey_id uuid not null,
  user_id uuid not null,
  node int not null,
  step text not null,
  message_id uuid,
  at timestamptz not null,
  primary key (lane, run_id, rev, day)
) partition by range (day);
