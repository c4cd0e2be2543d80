-- The feed: what happened to messages, in commit order, gap-free within a lane.

-- The next position of each lane is taken under this row's lock, in the transaction that appends.
create table feed_heads (
  lane int primary key,
  position bigint not null default 0
) with (fillfactor = 25);
insert into feed_heads (lane) select generate_series(0, 255);

-- A row is a batch of `size` events. kind 'deliveries' refers to ledger rows (one page of a message
-- in a lane) instead of copying them; kind 'events' carries its few events in itself.
-- day is the database's own date in UTC: it places the row in a partition, and cursors remember it. It
-- is not made of "at", which is the writer's clock: one that was fast for a minute would make readers
-- look past what comes after it.
create table feed (
  lane int not null,
  position bigint not null,
  day date not null default (now() at time zone 'utc')::date,
  app_id uuid not null,
  kind text not null check (kind in ('deliveries', 'events')),
  size int not null,
  message_id uuid,
  page int,
  first_id uuid,
  last_id uuid,
  events jsonb,
  at timestamptz not null,
  primary key (lane, position, day)
) partition by range (day);
