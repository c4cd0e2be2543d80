-- Event streams: readers of the feed that hand it on to a place outside.
-- config: the sealed settings. cursor: how far the stream has come in every lane; what lies
-- before it was taken, or is held. owner, epoch, lease_until: the process that works it; whoever takes it over, or moves
-- its cursor, raises the epoch, and nothing of the one before is written any more.
-- failures: tries in a row that nobody took. pauses: how often it has rested since anything was taken. retry_at: until
-- when it rests now. replay_*: a second cursor with what it looks for, and where it ends.
create table event_streams (
  app_id uuid not null references apps (id) on delete cascade,
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('webhook', 'postgres', 's3')),
  config bytea not null,
  state text not null check (state in ('active', 'paused', 'disabled')),
  reason text,
  state_at timestamptz not null,
  cursor text not null,
  cursor_at timestamptz not null,
  replay_message uuid,
  replay_cursor text,
  replay_end text,
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
create index event_streams_active on event_streams (lease_until) where state = 'active';

-- Events that were not taken, and those of the same user behind them: where they are in the feed, and nothing of what
-- they say. Only the first of a user is tried.
create table event_stream_held (
  app_id uuid not null,
  stream_id uuid not null,
  user_key text not null,
  lane int not null,
  position bigint not null,
  nth int not null,
  day date not null,
  event_id uuid not null,
  attempts int not null,
  due_at timestamptz not null,
  reason text,
  primary key (app_id, stream_id, user_key, lane, position, nth),
  foreign key (app_id, stream_id) references event_streams (app_id, id) on delete cascade
);

-- Requests and their answers, as far as they are kept. about: the ids of events, users, subscriptions and messages that
-- a request is about, to be searched by. day: the database's date in UTC, which places the row in a partition.
create table event_stream_attempts (
  app_id uuid not null,
  stream_id uuid not null,
  id uuid not null,
  day date not null default (now() at time zone 'utc')::date,
  at timestamptz not null,
  outcome text not null check (outcome in ('taken', 'failed')),
  status int,
  milliseconds int not null,
  events int not null,
  about uuid[] not null,
  reason text,
  request text,
  answer text,
  primary key (app_id, stream_id, id, day)
) partition by range (day);
create index event_stream_attempts_about on event_stream_attempts using gin (about);

-- The last position of each app in each lane that is no longer kept: a reader that is behind it has missed something.
create table feed_floors (
  app_id uuid not null,
  lane int not null,
  position bigint not null,
  primary key (app_id, lane)
);
