-- Erasing all that is held about a person.

-- One row for each deleted user, or subscription, whose data in all other tables has to go. Inserted in the
-- transaction that deletes the identity, so that none is forgotten. person says by what the data is found;
-- it is taken out once that is done. What stays names nobody: alias_hash is made with a key that is not in
-- the database, and answers "was this one erased" for who knows the alias.
--   waiting               nothing is erased yet
--   settling              erased once; looked through again for what was under way then
--   done                  nothing was left
create table erasures (
  lane int not null,
  id uuid not null,
  app_id uuid not null,
  kind text not null check (kind in ('user', 'subscription')),
  state text not null default 'waiting' check (state in ('waiting', 'settling', 'done')),
  person jsonb,
  alias_hash bytea,
  source text not null,
  actor uuid,
  requested_at timestamptz not null,
  due_at timestamptz not null,
  done_at timestamptz,
  passes int not null default 0,
  erased jsonb not null default '{}',
  lease_until timestamptz not null default '-infinity',
  primary key (lane, id)
);
create index erasures_due on erasures (due_at) where state <> 'done';
create index erasures_newest on erasures (app_id, requested_at, id);
create index erasures_by_alias on erasures (app_id, alias_hash) where alias_hash is not null;

-- Users who are gone and whose data belongs to another one now: merged into it, or anonymous until the
-- device logged in. What was written about them stays under their ids, in their lanes.
create table former_users (
  lane int not null,
  user_id uuid not null,
  app_id uuid not null,
  former_lane int not null,
  former_id uuid not null,
  primary key (lane, user_id, former_id)
);

-- The lanes between the first, which the id names, and the present one: rows about deliveries stay there.
alter table moved_subscriptions add column former_lanes int[] not null default '{}';

-- When somebody last made sure that it is there, about: nobody then counts on a content that was not kept
-- for a while, and it can be deleted when no message refers to it.
alter table contents add column kept_at timestamptz;
update contents set kept_at = created_at;
alter table contents alter column kept_at set not null;

-- Contents that were made for somebody who is erased, until it is known that nobody else uses them.
create table spare_contents (
  app_id uuid not null,
  id uuid not null,
  since timestamptz not null,
  primary key (app_id, id)
);
create index messages_by_content on messages (app_id, content_id) where kind = 'api';
