-- Organizations, their apps, and the keys that open them.

create table organizations (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table apps (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index apps_by_organization on apps (organization_id, id);

-- A key opens one app, or, when app_id is null, every app of its organization.
-- Only its SHA-256 is kept: the secret has 256 random bits, so a slow hash would add nothing.
create table api_keys (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  app_id uuid references apps (id) on delete cascade,
  name text not null,
  secret_hash bytea not null unique,
  ip_allowlist_mode text not null default 'disabled' check (ip_allowlist_mode in ('disabled', 'explicit')),
  ip_allowlist text[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index api_keys_by_owner on api_keys (organization_id, app_id, created_at);
