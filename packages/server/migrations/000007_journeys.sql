-- Journeys: what happens to a user, step by step, after an event.

-- definition holds the audience and the nodes. A node has an id (on the wire) and a key: a small
-- number that is never given again within its journey, so that runs and traces stay true when nodes
-- are added or removed. revision counts the changes.
create table journeys (
  app_id uuid not null,
  id uuid not null,
  name text not null,
  description text,
  state text not null check (state in ('draft', 'active', 'archived')),
  definition jsonb not null,
  revision int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  archived_at timestamptz,
  primary key (app_id, id)
);
create index journeys_newest on journeys (app_id, created_at desc, id desc);
create index journeys_active on journeys (app_id) where state = 'active';

-- One row that goes up with every change of any journey, in the transaction of the change. Whoever
-- keeps journeys in memory compares it: an event that was stored after a journey went live is
-- always matched with it.
create table journey_version (
  only_one boolean primary key default true check (only_one),
  version bigint not null default 0
) with (fillfactor = 10);
insert into journey_version default values;

-- A run is one user's way through one journey; updated in place, deleted at its end. rev counts the
-- lines of its trace and is the second guard beside the lane's epoch: a step computed on an old rev
-- writes nothing. node is the key of the node it waits at.
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

-- One line per step taken: the answer to "why did this user (not) get it". node is 0 for lines that
-- belong to no node.
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
