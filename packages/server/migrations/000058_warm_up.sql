-- How many a day a provider may be given while its sender is new: {"startsOn": "2026-12-01", "perDay": [50, 100, 500]}.
alter table provider_accounts add column warm_up jsonb;

-- What of a day has been given to a provider that is being warmed up, and what of it last. Days are of UTC.
create table provider_days (
  app_id uuid not null references apps (id) on delete cascade,
  channel text not null,
  name text not null,
  day date not null,
  used int not null,
  granted int not null,
  primary key (app_id, channel, name, day)
);
