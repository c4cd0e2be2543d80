-- Journeys with every audience, setting and node; their versions, and when they start and stop by themselves.

alter table journeys drop constraint journeys_state_check;
alter table journeys
  add constraint journeys_state_check
    check (state in ('draft', 'scheduled', 'processing', 'active', 'paused', 'archived')),
  -- How often a definition of it was published.
  add column version int not null default 0,
  add column start_at timestamptz,
  add column stop_at timestamptz,
  -- Why a scheduled start did not happen.
  add column schedule_error text;

-- Those that were there had an event's name and a flat list of nodes.
update journeys set
  definition = '{"earlyExit": null, "reentrySeconds": null, "goal": null, "holdOutPercent": 0, "forwards": {}}'
    || definition
    || jsonb_build_object('audience', '{"attributes": [], "runKey": null}' || (definition -> 'audience')),
  version = case when started_at is null then 0 else 1 end;

drop index journeys_active;
create index journeys_live on journeys (app_id) where state in ('processing', 'active', 'paused');
create index journeys_starts on journeys (start_at) where state = 'scheduled' and start_at is not null;
create index journeys_stops on journeys (stop_at)
  where state in ('scheduled', 'processing', 'active', 'paused') and stop_at is not null;

-- What a journey was each time that it went live, or was changed while it was. Never updated.
create table journey_versions (
  app_id uuid not null,
  journey_id uuid not null,
  version int not null,
  definition jsonb not null,
  published_at timestamptz not null,
  primary key (app_id, journey_id, version),
  foreign key (app_id, journey_id) references journeys (app_id, id) on delete cascade
);

insert into journey_versions (app_id, journey_id, version, definition, published_at)
select app_id, id, 1, definition, started_at from journeys where started_at is not null;
