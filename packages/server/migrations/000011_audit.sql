-- Who changed what in an organization, and when keys were used last.

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
