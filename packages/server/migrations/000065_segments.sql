-- Segments: names for conditions. filters as they were sent, conditions as they are evaluated.
--
-- A deleted one keeps its row, because messages that wait name it by its id: they go to whom it meant at last.
create table segments (
  app_id uuid not null,
  id uuid not null,
  name text not null,
  description text,
  filters jsonb not null,
  conditions jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  paused_at timestamptz,
  deleted_at timestamptz,
  primary key (app_id, id)
);
create unique index segments_by_name on segments (app_id, name) where deleted_at is null;
create index segments_oldest on segments (app_id, created_at, id) where deleted_at is null;

-- Who has done something, for all users of a lane and for one: without it all events of the time would be read.
create index custom_events_by_name on custom_events (lane, app_id, name, user_id, at);
