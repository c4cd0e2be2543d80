-- Runs that wait for what comes, and for who they are; what was counted of them, who was in, and who was not let in.

-- run_key: the property of the entry event that names the run, where the journey has one run for each user and key.
-- node is 0 when the way is over and the run waits for the journey's goal. parked: it came due while the journey was
-- paused, and keeps its place; nothing looks at it until the journey goes on.
alter table journey_runs
  add column run_key text,
  add column parked boolean not null default false;
drop index journey_runs_due;
create index journey_runs_due on journey_runs (wake_at) where wake_at is not null and not parked;
create index journey_runs_of_user on journey_runs (lane, user_id);
create index journey_runs_of_journey on journey_runs (journey_id, lane, id);
create index journey_runs_parked on journey_runs (journey_id) where parked;

-- branch: key of the one that was taken. reason: why, in a few words.
alter table journey_trace
  add column branch int,
  add column reason text;
-- The runs of a user, one entry for each: the lines of a run are found by its id.
create index journey_trace_of_user on journey_trace (lane, user_id, journey_id) where rev = 1;

-- How often each step was taken, by node or branch; key 0: the whole journey. `waiting` is how many are there now.
-- The lane is the first of those that were written together, so that owners do not wait for each other, and a batch
-- writes few rows. The sum over lanes is what counts.
create table journey_counts (
  lane int not null,
  app_id uuid not null,
  journey_id uuid not null,
  key int not null,
  name text not null,
  count bigint not null,
  primary key (journey_id, key, name, lane)
) with (fillfactor = 50);

-- Of journeys with an audience of segments: who is or was in, who never may, and when somebody may come in again.
-- barred: was in the segments when the journey began, and it takes only those who come later. again_at: from when on
-- the user may enter again; null: never. wake_at: when to look whether the user is in the audience then.
create table journey_entries (
  lane int not null,
  user_id uuid not null,
  journey_id uuid not null,
  app_id uuid not null,
  inside boolean not null,
  barred boolean not null,
  again_at timestamptz,
  wake_at timestamptz,
  parked boolean not null default false,
  primary key (lane, user_id, journey_id)
) with (fillfactor = 80);
create index journey_entries_due on journey_entries (wake_at) where wake_at is not null and not parked;
create index journey_entries_of_journey on journey_entries (journey_id, lane, user_id);

-- The latest reason for which a user was not let into a journey.
create table journey_refusals (
  lane int not null,
  user_id uuid not null,
  journey_id uuid not null,
  app_id uuid not null,
  reason text not null,
  at timestamptz not null,
  primary key (lane, user_id, journey_id)
) with (fillfactor = 80);

-- How far the users who are in the segments of a journey at its launch have been let in, lane by lane.
-- place: which of its segments is being read. after: the last user that was looked at. done: all have been.
create table journey_launches (
  lane int not null,
  journey_id uuid not null,
  app_id uuid not null,
  version int not null,
  place int not null,
  after uuid,
  done boolean not null,
  primary key (journey_id, lane)
);

-- What became of a journey's messages is summed up from here.
create index messages_of_journey on messages ((request ->> 'journey_id')) where kind = 'journey';
