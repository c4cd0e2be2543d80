-- What apps have set about the words that people text: their own words and replies, for the app and for its numbers.
-- An app without a row takes the fixed words and answers as every app does.
create table sms_keywords (
  app_id uuid primary key references apps (id) on delete cascade,
  settings jsonb not null,
  updated_at timestamptz not null
);

-- Texts that people have sent to apps, each once. id is made of the app and the provider's own name for the text, so
-- that a text that is told again is known. The feed refers to rows by it: what was said, and by whom, stands here alone.
-- part: of a long text that came in pieces, which this is: {reference, number, total}.
-- lane: of the subscription that has the number, or anyone where none has.
create table inbound_sms (
  app_id uuid not null,
  id uuid not null,
  lane int not null,
  sender text not null,
  recipient text not null,
  body text not null,
  media_urls text[] not null,
  part jsonb,
  keyword text check (keyword in ('stop', 'start', 'help')),
  is_answered boolean not null,
  subscription_id uuid,
  user_id uuid,
  received_at timestamptz not null,
  primary key (app_id, id)
);
create index inbound_sms_by_sender on inbound_sms (app_id, sender, received_at);
create index inbound_sms_by_subscription on inbound_sms (app_id, subscription_id) where subscription_id is not null;
