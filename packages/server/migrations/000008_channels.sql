-- Through whom an app sends, and what the sandbox received.

-- config is encrypted with the master key: it holds passwords.
create table provider_accounts (
  app_id uuid not null references apps (id) on delete cascade,
  channel text not null,
  kind text not null,
  config bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_id, channel)
);

-- What the sandbox's receivers took in. message_id, lane and subscription_id are those of the
-- delivery, null for what we did not send. fate is what a provider would report, reported_at when
-- that was done.
create table sandbox_messages (
  id bigint generated always as identity primary key,
  channel text not null,
  provider_id text not null,
  message_id uuid,
  lane int,
  subscription_id uuid,
  sender text not null,
  recipient text not null,
  raw bytea not null,
  fate text not null check (fate in ('delivered', 'bounced')),
  received_at timestamptz not null,
  reported_at timestamptz
);
create index sandbox_messages_by_message on sandbox_messages (message_id, id);
create index sandbox_messages_unreported on sandbox_messages (id)
  where reported_at is null and message_id is not null;
