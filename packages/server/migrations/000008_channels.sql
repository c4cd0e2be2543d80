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

create table sandbox_messages (
  id bigint generated always as identity primary key,
  channel text not null,
  provider_id text,
  sender text not null,
  recipient text not null,
  subject text,
  raw bytea not null,
  received_at timestamptz not null
);
create index sandbox_messages_by_provider_id on sandbox_messages (provider_id);
