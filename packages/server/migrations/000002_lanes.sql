-- Lanes: everything about a user happens in that user's lane, and a lane has one owner at a time.

-- 256 rows, fixed for the life of the database. epoch goes up with every change of owner; every
-- write of an owner is tied to it. fillfactor leaves room for the frequent updates to stay on their
-- page.
create table lanes (
  lane int primary key,
  owner uuid,
  epoch bigint not null default 0,
  batches bigint not null default 0
) with (fillfactor = 25);
insert into lanes (lane) select generate_series(0, 255);

-- One row for each process that owns lanes or would like to. The lease is here and not in the
-- lanes: renewing it is one row, however many lanes it covers. advisory_key is held as a session
-- advisory lock for as long as that process lives, so that its death shows at once.
create table lane_owners (
  owner uuid primary key,
  advisory_key bigint not null,
  lease_until timestamptz not null
) with (fillfactor = 25);

-- What waits for a lane's owner, in order of arrival. A row is removed in the owner's commit, so a
-- row that commits late can never be skipped, as it could with a cursor. The key begins with the id
-- because the owner of many lanes reads them together, oldest first.
create table lane_inbox (
  lane int not null,
  id bigint generated always as identity,
  app_id uuid not null,
  user_id uuid not null,
  kind text not null,
  payload jsonb not null,
  at timestamptz not null,
  primary key (id, lane)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
