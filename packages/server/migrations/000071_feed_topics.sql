-- What apps want to be told in their feed beside what becomes of messages: nothing of it is written for an app that does
-- not ask. wisher: 'app' for what the app has set itself, or the id of an event stream whose kinds ask for it.
create table feed_topics (
  app_id uuid not null references apps (id) on delete cascade,
  topic text not null check (topic in ('custom_events', 'subscriptions', 'journeys')),
  wisher text not null,
  primary key (app_id, topic, wisher)
);
