-- Webhooks: requests that journeys make, to addresses of an app. config: the sealed settings.
-- owner, epoch, lease_until: the process that makes its calls; whoever takes it over raises the epoch, and nothing of the
-- one before is written any more.
-- failures: tries in a row that nobody took. pauses: how often it has rested since anything was taken. retry_at: until
-- when it rests now.
create table webhooks (
  app_id uuid not null references apps (id) on delete cascade,
  id uuid not null,
  name text not null,
  config bytea not null,
  state text not null check (state in ('active', 'disabled')),
  reason text,
  state_at timestamptz not null,
  owner uuid,
  epoch bigint not null default 0,
  lease_until timestamptz,
  failures int not null default 0,
  pauses int not null default 0,
  retry_at timestamptz,
  delivered bigint not null default 0,
  given_up bigint not null default 0,
  last_taken_at timestamptz,
  last_failure text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_id, id),
  unique (app_id, name)
);

-- Calls that are to be made, of a user's lane. They go when they have ended: what became of them is in webhook_attempts.
-- id: the same from try to try, and told to the other side. origin: the journey, its node and its run. context: what
-- Liquid sees beside the user.
create table webhook_calls (
  lane int not null,
  id uuid not null,
  app_id uuid not null,
  webhook_id uuid not null,
  user_id uuid not null,
  origin jsonb not null,
  context jsonb not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  attempts int not null default 0,
  reason text,
  primary key (lane, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
create index webhook_calls_due on webhook_calls (app_id, webhook_id, due_at, id);
create index webhook_calls_by_user on webhook_calls (lane, user_id);

-- Requests and their answers, as far as they are kept. about: the ids of the call, the user, the journey, its node and
-- its run, to be searched by. day: the database's date in UTC, which places the row in a partition.
create table webhook_attempts (
  app_id uuid not null,
  webhook_id uuid not null,
  id uuid not null,
  day date not null default (now() at time zone 'utc')::date,
  at timestamptz not null,
  call_id uuid not null,
  user_id uuid not null,
  number int not null,
  outcome text not null check (outcome in ('taken', 'failed', 'given_up')),
  status int,
  milliseconds int not null,
  about uuid[] not null,
  reason text,
  url text,
  request text,
  answer text,
  primary key (app_id, webhook_id, id, day)
) partition by range (day);
create index webhook_attempts_about on webhook_attempts using gin (about);
