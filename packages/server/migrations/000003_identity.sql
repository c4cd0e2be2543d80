-- Users, the aliases they are known by, and the subscriptions they can be reached at.

create table users (
  lane int not null,
  id uuid not null,
  app_id uuid not null,
  -- A copy of the alias of that label, written in the same transaction: what is sent to a user and
  -- told about a user names it, and must not cost a search.
  external_id text,
  tags jsonb not null default '{}',
  language text,
  timezone_id text,
  country text,
  properties jsonb not null default '{}',
  first_active timestamptz not null,
  last_active timestamptz not null,
  updated_at timestamptz not null,
  primary key (lane, id)
);

-- (label, value) names one user of an app. Keyed by value, not by lane: it is how a lane is found.
create table aliases (
  app_id uuid not null,
  label text not null,
  value text not null,
  lane int not null,
  user_id uuid not null,
  primary key (app_id, label, value)
);
create index aliases_by_user on aliases (user_id);

create table subscriptions (
  lane int not null,
  id uuid not null,
  app_id uuid not null,
  user_id uuid not null,
  type text not null,
  channel text not null,
  token text not null,
  enabled boolean not null default true,
  notification_types int not null default 1,
  device jsonb not null default '{}',
  session_count int not null default 0,
  session_time bigint not null default 0,
  -- Push that was never granted has no token yet.
  reachable boolean not null generated always as (enabled and notification_types > 0 and token <> '') stored,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (lane, id)
);
create index subscriptions_by_user on subscriptions (lane, user_id);
-- The audience of a broadcast, in the order in which a chunk pages through it.
create index subscriptions_audience on subscriptions (lane, app_id, channel, id)
  where reachable;

-- Exactly one row for each subscription: it makes a token unique in its app, and holding its row lock
-- is what allows to move, change or delete the subscription. A subscription that has no token yet
-- has its own id in the place of one (see subscription_key). prev_lane is the lane before the last move: an upsert can
-- return it where RETURNING cannot yet name the old row.
create table tokens (
  app_id uuid not null,
  type text not null,
  token text not null,
  lane int not null,
  subscription_id uuid not null,
  user_id uuid not null,
  prev_lane int,
  primary key (app_id, type, token)
);

-- Where a subscription lives once it has left the lane that its id names.
create table moved_subscriptions (
  subscription_id uuid primary key,
  lane int not null
);
