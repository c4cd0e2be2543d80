-- Live segments: who is in a segment is kept, and told, as users change and as time passes.

-- Apps whose changed users are noted down, and which of what happens to users counts as a change: events of
-- these names, and what happens to messages. In no other app does a write leave anything behind.
create table watched_apps (
  app_id uuid primary key,
  event_names text[] not null,
  message_events boolean not null
);

-- Who has changed, in order of arrival, until the lane's owner has looked at them. A row is removed in the
-- owner's commit, as in lane_inbox. active: the user's last session is this one.
create table changed_users (
  lane int not null,
  id bigint generated always as identity,
  app_id uuid not null,
  user_id uuid not null,
  active boolean not null,
  at timestamptz not null,
  primary key (id, lane)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- Who wants to know of which segments, and of which apps' sessions.
create table segment_watches (
  app_id uuid not null,
  watcher text not null,
  watcher_id uuid not null,
  segment_id uuid not null,
  primary key (app_id, watcher, watcher_id, segment_id)
);
create table session_watches (
  app_id uuid not null,
  watcher text not null,
  watcher_id uuid not null,
  primary key (app_id, watcher, watcher_id)
);

-- A segment that is watched by anybody. slot stands for it in segment_state, and is never given again.
-- new: everybody has yet to be looked at for the first time, and nobody is told; filling: that goes on.
-- changed, refilling: the same because its filters are others now; who comes and goes by that is told.
-- writers_before: a transaction of this id or a later one knows that it is watched.
create table live_segments (
  app_id uuid not null,
  segment_id uuid not null,
  slot int generated always as identity,
  state text not null check (state in ('new', 'filling', 'ready', 'changed', 'refilling')),
  writers_before xid8,
  primary key (app_id, segment_id)
);

-- Raised with every change of what is watched, of what it means, and of its states.
create table live_segments_version (
  version bigint not null default 0
);
insert into live_segments_version default values;

-- A walk through the users of an app in a lane, from the first to the last: each is looked at, or, where
-- nothing is watched any more, what is kept of them is dropped. begun: the version that it began with.
create table segment_walks (
  lane int not null,
  app_id uuid not null,
  begun bigint not null,
  drops boolean not null,
  after uuid,
  primary key (lane, app_id)
);

-- The slots of the segments that a user is in, ascending; nothing of a user who is in none and will not be by
-- time alone. flip_at: until then nothing changes but by a change of the user.
create table segment_state (
  lane int not null,
  app_id uuid not null,
  user_id uuid not null,
  segments int[] not null,
  flip_at timestamptz,
  primary key (lane, app_id, user_id)
);
create index segment_state_due on segment_state (flip_at) where flip_at is not null;
