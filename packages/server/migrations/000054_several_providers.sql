-- Several providers of one app and channel: those of the lowest rank that work are asked first, each for its part by
-- weight. The one that is set without a name is `main`.
alter table provider_accounts
  add column name text not null default 'main',
  add column rank int not null default 1,
  add column weight int not null default 100,
  drop constraint provider_accounts_pkey,
  add primary key (app_id, channel, name);

alter table provider_pauses
  add column name text not null default 'main',
  drop constraint provider_pauses_pkey,
  add primary key (app_id, channel, name);
