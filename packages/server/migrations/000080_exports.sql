-- Exports that are listed, watched, cancelled and fetched in parts.

-- cancelled: nobody makes it any more. packed: the bytes are gzip. found: lines so far, of the present attempt.
-- size: bytes of a file that is done.
alter table export_files
  drop constraint export_files_state_check,
  add constraint export_files_state_check check (state in ('waiting', 'done', 'cancelled')),
  add column name text not null default 'export.csv.gz',
  add column packed boolean not null default true,
  add column found bigint not null default 0,
  add column size bigint,
  add column ready_at timestamptz;

-- These were packed, and unpacked for each reader; now they are kept as they are read. Made once more.
update export_files set packed = false, state = 'waiting', attempt = attempt + 1, created_at = now()
where kind = 'message history';
