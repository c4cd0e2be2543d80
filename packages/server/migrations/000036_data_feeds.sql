-- Where emails get a recipient's data from when they are sent. headers is encrypted with the master key: it
-- holds credentials. Templates and messages name a feed by its alias.
create table data_feeds (
  app_id uuid not null references apps (id) on delete cascade,
  id uuid not null,
  name text not null,
  alias text not null,
  method text not null check (method in ('GET', 'POST')),
  url text not null,
  headers bytea not null,
  body text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_id, id),
  unique (app_id, alias)
);
