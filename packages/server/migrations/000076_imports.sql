-- Files of users that are brought in, row by row.

-- uploading, fetching: the pieces of the file are not all here. ready: they are. checking, running, undoing: a
-- worker goes on with it, by a lease and an epoch that each of its writes is fenced by; one for an app at a time,
-- the one that has waited longest. turn_at: when a worker last had it.
-- run: goes up with each start, dry ones too. batch: of the run, the next one. position: bytes of the unpacked file
-- that are done; line: the last line of those. key_id: who started it.
create table imports (
  id uuid primary key,
  app_id uuid not null,
  name text not null,
  state text not null check (state in
    ('uploading', 'fetching', 'ready', 'checking', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone')),
  -- Until it is fetched: it may hold a secret.
  url text,
  host text,
  settings jsonb not null default '{}',
  bytes bigint not null default 0,
  run int not null default 0,
  batch int not null default 0,
  position bigint not null default 0,
  line bigint not null default 0,
  row_count bigint not null default 0,
  created bigint not null default 0,
  updated bigint not null default 0,
  unchanged bigint not null default 0,
  rejected bigint not null default 0,
  dry_run jsonb,
  undo jsonb,
  fault text,
  key_id uuid,
  epoch int not null default 0,
  lease_until timestamptz not null default '-infinity',
  turn_at timestamptz,
  -- Turns since something was done.
  attempts int not null default 0,
  queued_at timestamptz,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz not null
);
create index imports_by_app on imports (app_id, created_at, id);
create index imports_active on imports (app_id, queued_at, id)
  where state in ('fetching', 'checking', 'running', 'undoing');
create index imports_by_expiry on imports (expires_at);

-- The file, unpacked, cut into pieces of one size (the last one may be shorter), each packed by itself (deflate), so
-- that reading can go on in the middle. In the database because whoever takes it and whoever works on it may be on
-- two machines. They go when the import has ended.
create table import_pieces (
  app_id uuid not null,
  import_id uuid not null,
  n int not null,
  bytes bytea not null,
  primary key (import_id, n)
);
alter table import_pieces alter column bytes set storage external;

-- Lines of CSV about rows that were rejected: where and why, not what was in them.
create table import_rejects (
  app_id uuid not null,
  import_id uuid not null,
  run int not null,
  batch int not null,
  lines text not null,
  primary key (import_id, run, batch)
);

-- What a batch has done, for an undo. before: users whom it changed, as they were. What is undone is taken out.
create table import_batches (
  app_id uuid not null,
  import_id uuid not null,
  batch int not null,
  written_at timestamptz not null,
  created uuid[] not null,
  before jsonb not null,
  primary key (import_id, batch)
);
