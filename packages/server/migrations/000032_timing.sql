-- When a message goes to each recipient: null for everybody at once. throttle_next_at: when the next
-- recipients of a throttled message may go.
alter table messages add column timing jsonb;
alter table messages add column throttle_next_at timestamptz;
alter table messages add column paused_at timestamptz;

-- A paused chunk is not due. throttle_reserved: so many recipients have their turn when it is.
alter table message_chunks add column paused boolean not null default false;
alter table message_chunks add column throttle_reserved int not null default 0;
drop index message_chunks_unfinished;
create index message_chunks_unfinished on message_chunks (priority, app_id, due_at)
  where state <> 'done' and not paused;

-- What was handed over to a user lately, where the app has a frequency cap: two lists side by side.
create table frequency_marks (
  lane int not null,
  user_id uuid not null,
  channel text not null,
  app_id uuid not null,
  message_ids uuid[] not null,
  times timestamptz[] not null,
  last_at timestamptz not null,
  primary key (lane, user_id, channel)
);
create index frequency_marks_by_last on frequency_marks (last_at);

-- When an app's messages may go, as its policy says. Null stands for: at any time.
alter table app_policies add column sending jsonb;
