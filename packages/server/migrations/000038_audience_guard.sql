-- Guards against a send to far more people than meant: {"times": 10, "within_minutes": 15}, or null.
alter table app_policies add column audience_guard jsonb;

-- Recipients of the messages of guarded apps, by the minute at which they are due.
create table audience_use (
  app_id uuid not null references apps (id) on delete cascade,
  minute timestamptz not null,
  recipients bigint not null,
  primary key (app_id, minute)
);
create index audience_use_by_age on audience_use (minute);
