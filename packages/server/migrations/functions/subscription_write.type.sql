-- What the request number n asks for about one subscription: an existing one (given_id), or one known by
-- its token, or else a new one (new_id, put into the lane of its user).
create type subscription_write as (
  n int, position int, app_id uuid, given_id uuid, new_id uuid, type text, channel text, token text,
  enabled boolean, notification_types int, device jsonb, session_count int, session_time bigint,
  consent_at timestamptz, consent_granted boolean, consent_source text, consent_wording text
);
