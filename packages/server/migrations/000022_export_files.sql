-- Files that a job makes and a link leads to.

-- waiting: a job will make it. done: it can be fetched, until it expires. attempt goes up each time that a
-- worker begins: pieces of a former attempt are not part of the file. subject is what it is made of, as the
-- maker of its kind wants it.
create table export_files (
  id uuid primary key,
  app_id uuid not null,
  kind text not null,
  subject jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'done')),
  attempt int not null default 0,
  lease_until timestamptz not null default '-infinity',
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index export_files_waiting on export_files (created_at) where state = 'waiting';
create index export_files_by_app on export_files (app_id, id);
create index export_files_by_expiry on export_files (expires_at);

-- The bytes of a file, in the order of n. They are in the database because whoever makes a file and whoever
-- serves it may be on two machines.
create table export_pieces (
  app_id uuid not null,
  file_id uuid not null,
  attempt int not null,
  n int not null,
  bytes bytea not null,
  primary key (file_id, attempt, n)
);
alter table export_pieces alter column bytes set storage external;
