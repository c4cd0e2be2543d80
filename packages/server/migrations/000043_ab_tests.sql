-- A/B tests: variants are messages to slices of one audience; the winner goes to the rest of it.
create table ab_tests (
  id uuid primary key,
  app_id uuid not null,
  name text,
  channel text not null,
  -- Who is in the sample: so many of 10,000 parts.
  sample int not null,
  -- [{"name": "A", "parts": 500, "messageId": "…"}], in the order of the request.
  variants jsonb not null,
  winner_by text not null,
  -- Null where it is chosen by hand.
  decides_at timestamptz,
  state text not null default 'testing' check (state in ('testing', 'decided', 'cancelled')),
  winner text,
  winner_reason text,
  -- Null where the sample is everybody.
  rest_message_id uuid,
  created_at timestamptz not null,
  decided_at timestamptz,
  cancelled_at timestamptz
);
create index ab_tests_by_app on ab_tests (app_id, id);
create index ab_tests_to_decide on ab_tests (decides_at) where state = 'testing';
