-- Places outside that apps post to, which no person is subscribed to: a webhook, a room of a chat. config: the sealed
-- settings, whose URL is a secret.
create table endpoints (
  app_id uuid not null references apps (id) on delete cascade,
  name text not null,
  kind text not null check (kind in ('webhook', 'slack', 'discord', 'teams')),
  config bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (app_id, name)
);

-- What was accepted for them, and how it ended. content goes when a post ends: it can speak of people.
-- due_at: when it is tried. Whoever tries it moves it ahead by a lease and raises the epoch, so that others leave it
-- alone, and take it over when that process is gone.
create table endpoint_posts (
  app_id uuid not null,
  id uuid not null,
  endpoint text not null,
  idempotency_key text,
  body_hash text not null,
  content jsonb,
  state text not null check (state in ('waiting', 'sent', 'failed')),
  attempts int not null default 0,
  epoch bigint not null default 0,
  reason text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz,
  primary key (app_id, id),
  check ((state = 'waiting') = (ended_at is null and content is not null))
);
create unique index endpoint_posts_by_key on endpoint_posts (app_id, endpoint, idempotency_key)
  where idempotency_key is not null;
create index endpoint_posts_by_endpoint on endpoint_posts (app_id, endpoint, id);
create index endpoint_posts_due on endpoint_posts (due_at) where state = 'waiting';
create index endpoint_posts_ended on endpoint_posts (ended_at) where state <> 'waiting';
