-- What happens to users over time: sessions, purchases, consent, and who changed what.

alter table users
  add column session_count int not null default 0,
  -- Seconds.
  add column session_time bigint not null default 0,
  -- As sent, without conversion of currencies; null when nothing was ever bought.
  add column amount_spent numeric,
  -- The newest ones, oldest first: [{sku, amount, iso, count}].
  add column purchases jsonb;

-- last_active is the last session: it decides which subscription makes room when a user has too many.
-- consented_at is the time of the newest fact in `consents`: an older one changes nothing any more.
alter table subscriptions
  add column last_active timestamptz,
  add column consented_at timestamptz;
update subscriptions set last_active = created_at;
alter table subscriptions alter column last_active set not null;

-- What people have said about being written to: append only. "at" is when they said it, recorded_at
-- when we were told; the same fact told twice is one row. Rows move with their subscription to another
-- lane.
create table consents (
  lane int not null,
  subscription_id uuid not null,
  at timestamptz not null,
  source text not null,
  app_id uuid not null,
  granted boolean not null,
  wording text,
  recorded_at timestamptz not null,
  primary key (lane, subscription_id, at, source)
);

-- Who changed what about a user: one row for each write that had something to say. Append only.
-- source is the kind of way (api, device, bulk, ...), actor the id of the key where there was one,
-- changes what was asked. Ids begin with their time, so a user's rows are in order.
create table user_changes (
  lane int not null,
  user_id uuid not null,
  id uuid not null,
  day date not null,
  app_id uuid not null,
  action text not null,
  source text not null,
  actor uuid,
  changes jsonb not null,
  at timestamptz not null,
  primary key (lane, user_id, id, day)
) partition by range (day);
