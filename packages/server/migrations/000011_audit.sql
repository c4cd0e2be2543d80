-- Who changed what in an organization, when keys were used last, and apps on their way out.

-- The last entry of each organization's audit log. An entry takes the next position under this row's
-- lock, in the transaction of the change that it tells: positions go up in the order of the commits,
-- and a reader with a cursor misses nothing.
alter table organizations
  add column audit_position bigint not null default 0,
  add column audited_at timestamptz not null default '-infinity';

-- Append only; entries go when they are too old. actor, targets and context are as the API shows them.
create table audit_log (
  organization_id uuid not null references organizations (id),
  position bigint not null,
  id uuid not null,
  occurred_at timestamptz not null,
  app_id uuid,
  action text not null,
  actor jsonb not null,
  targets jsonb not null,
  context jsonb,
  metadata jsonb not null,
  primary key (organization_id, position)
);
create index audit_log_by_age on audit_log (occurred_at);

-- Written about once a minute, not with each request.
alter table api_keys
  add column last_used_at timestamptz,
  add column last_used_ip text;

-- Apps that were deleted: their row is gone at once, what belonged to them goes piece by piece. part and
-- piece_cursor say where the erasure stands; part is null before the first piece and after the last one.
-- swept_at: everything was looked through a second time, for requests that were under way.
create table deleted_apps (
  app_id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  deleted_at timestamptz not null,
  part text,
  piece_cursor text,
  rows_erased bigint not null default 0,
  erased_at timestamptz,
  swept_at timestamptz
);
create index deleted_apps_unfinished on deleted_apps (deleted_at) where swept_at is null;
