-- Who told of an event: a backend with a key, or a device.
alter table custom_events add column source text not null default 'api' check (source in ('api', 'device'));

-- The newest events of an app. Rows come in its order, at the end of each app.
create index custom_events_newest on custom_events (app_id, received_at, id);

-- What is known of the names that an app's events have. total: events that were taken in; it is counted in memory and
-- added from time to time, so a process that is killed can leave out what it took in the last second.
-- last_*: what the newest event said, and of whom. retention_days: null for as long as the app.
create table custom_event_names (
  app_id uuid not null,
  name text not null,
  total bigint not null default 0,
  first_seen timestamptz,
  last_seen timestamptz,
  sources text[] not null default '{}',
  last_properties jsonb,
  last_user_id uuid,
  retention_days int check (retention_days >= 30),
  primary key (app_id, name)
);

-- What becomes of an event about an external_id that nobody has.
alter table app_policies add column unknown_event_users text not null default 'refuse'
  check (unknown_event_users in ('refuse', 'create'));
