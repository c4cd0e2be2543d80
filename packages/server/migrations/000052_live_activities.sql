-- Where devices take live activities: of the kind `start`, one of a type (activity is the type); of the kind `update`,
-- one that goes on (activity is its id). ended_at: it was told to end, and nobody is to write to it any more. Like
-- aliases, a token is found by its activity and has no lane.
create table live_activity_tokens (
  app_id uuid not null,
  kind text not null check (kind in ('start', 'update')),
  activity text not null,
  subscription_id uuid not null,
  token text not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  primary key (app_id, kind, activity, subscription_id)
);
create index live_activity_tokens_by_subscription on live_activity_tokens (subscription_id);
create index live_activity_tokens_by_age on live_activity_tokens (updated_at);
