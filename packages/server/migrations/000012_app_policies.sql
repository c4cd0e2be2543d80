-- What an app allows its users. Null stands for the default, which a later release may change.
create table app_policies (
  app_id uuid primary key references apps (id) on delete cascade,
  tag_limit int,
  blocked_external_ids text[],
  identity_verification text not null default 'off' check (identity_verification in ('off', 'required')),
  updated_at timestamptz not null
);

-- Public halves of the keys that an app's backend signs its users' tokens with, as JWK. "kid" is the key's
-- RFC 7638 thumbprint: the same key is the same row.
create table identity_keys (
  id uuid primary key,
  app_id uuid not null references apps (id) on delete cascade,
  name text not null,
  kid text not null,
  public_key jsonb not null,
  created_at timestamptz not null,
  unique (app_id, kid)
);
