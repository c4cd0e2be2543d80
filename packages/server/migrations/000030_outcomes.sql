-- What people did after messages, as sums only: no row says who. One row for an app, a name and five
-- minutes, and another one for each message that has a share in it; of the app as a whole where message_id
-- is all zeros, because an outcome that several messages influenced happened once.
create table outcome_counts (
  app_id uuid not null,
  message_id uuid not null,
  name text not null,
  bucket timestamptz not null,
  device_type smallint not null,
  attribution text not null check (attribution in ('direct', 'influenced', 'unattributed')),
  count bigint not null,
  sum double precision not null,
  primary key (app_id, message_id, name, bucket, device_type, attribution)
) with (fillfactor = 70);
create index outcome_counts_by_age on outcome_counts (bucket);
