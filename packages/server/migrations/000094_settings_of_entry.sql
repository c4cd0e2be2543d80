-- The version that the journey was at when the run began: its settings hold to the end of the run.
alter table journey_runs add column version int;
update journey_runs r
set version = coalesce((select j.version from journeys j where j.app_id = r.app_id and j.id = r.journey_id), 0);
alter table journey_runs alter column version set not null;
