-- Contents, templates, messages, their chunks, and the ledger of deliveries.

-- What a message says, stored once and never changed: the id is made from the content itself. A
-- message refers to it, so a million sends of one template hold it once, and editing a template
-- does not change a message that was accepted before.
create table contents (
  app_id uuid not null,
  id uuid not null,
  channel text not null,
  content jsonb not null,
  created_at timestamptz not null,
  primary key (app_id, id)
);

create table templates (
  app_id uuid not null,
  id uuid not null,
  name text not null,
  channel text not null,
  content_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_id, id)
);

-- Written once; only a cancel changes it. Whether it is done, and how far, is what its chunks say.
-- request is what the caller sent, for reading back.
create table messages (
  id uuid primary key,
  app_id uuid not null,
  kind text not null check (kind in ('api', 'journey')),
  channel text not null,
  name text,
  template_id uuid,
  content_id uuid not null,
  custom_data jsonb,
  request jsonb not null default '{}',
  at_most_once boolean not null default false,
  queued_at timestamptz not null,
  send_after timestamptz not null,
  cancelled_at timestamptz
);
create index messages_by_queued_at on messages (app_id, queued_at desc, id desc) where kind = 'api';

create table idempotency_keys (
  app_id uuid not null,
  key uuid not null,
  message_id uuid,
  body_hash bytea not null,
  response jsonb not null,
  created_at timestamptz not null,
  primary key (app_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- One row per (message, lane): how far the send has come in that lane. targets are the subscription
-- ids in ascending order, or null for everyone reachable. doubt_ids are the ids of the page that is
-- being handed over: after a crash only these can have been handed over without a ledger row.
-- ready: to be claimed at due_at. open: a sender has it for as long as its lease lasts. done: every
-- targeted subscription has its row in the ledger. cancelled_at stands here as well as in the message:
-- whoever opens or closes a page waits for a cancel on this row's lock and then sees it.
create table message_chunks (
  message_id uuid not null,
  lane int not null,
  app_id uuid not null,
  channel text not null,
  state text not null check (state in ('ready', 'open', 'done')),
  priority smallint not null,
  due_at timestamptz not null,
  targets uuid[],
  cursor uuid,
  page int not null default 0,
  doubt_ids uuid[],
  epoch bigint not null default 0,
  claimed_by uuid,
  lease_until timestamptz not null default '-infinity',
  done_at timestamptz,
  cancelled_at timestamptz,
  retrying int not null default 0,
  sent int not null default 0,
  failed int not null default 0,
  unsubscribed int not null default 0,
  suppressed int not null default 0,
  capped int not null default 0,
  expired int not null default 0,
  cancelled int not null default 0,
  unknown int not null default 0,
  primary key (message_id, lane)
) with (fillfactor = 50);
create index message_chunks_unfinished on message_chunks (priority, due_at) where state <> 'done';

-- The ledger: one row per (message, subscription), inserted once, with the result.
-- Message ids are UUIDv7, so a range of ids is a range of days. page says which page of the chunk
-- wrote the row: the feed refers to it.
create table deliveries (
  lane int not null,
  message_id uuid not null,
  subscription_id uuid not null,
  user_id uuid,
  page int not null,
  attempts smallint not null,
  state text not null,
  reason text,
  ref text,
  at timestamptz not null,
  primary key (lane, message_id, subscription_id)
) partition by range (message_id);

-- Handed over without success, to be tried again: not yet in the ledger.
create table delivery_retries (
  lane int not null,
  message_id uuid not null,
  subscription_id uuid not null,
  attempts smallint not null,
  due_at timestamptz not null,
  reason text not null,
  primary key (message_id, lane, subscription_id)
);

-- What happened after the hand-over. Append only, merged on read.
create table delivery_events (
  lane int not null,
  message_id uuid not null,
  subscription_id uuid not null,
  kind text not null,
  event_id uuid not null,
  at timestamptz not null,
  data jsonb,
  primary key (lane, message_id, subscription_id, kind, event_id)
) partition by range (message_id);
