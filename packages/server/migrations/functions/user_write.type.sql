-- What a request asks for about one user. n numbers the requests of a batch.
--   candidate             the id a new user would get
--   must_exist            the user is addressed: by_id, or by_label and by_value
--   touch                 a sign of life of the person
--   source                the way it came; history: a line of user_changes {source, actor, changes}, if any
--   session_count, ...    what is added; a session counts for session_subscription too
create type user_write as (
  n int, app_id uuid, candidate uuid, must_exist boolean, by_id uuid, by_label text, by_value text,
  replace_external_id boolean, external_id text, touch boolean, source text, history jsonb,
  tags jsonb, gone_tags text[], tag_limit int, language text, timezone_id text, country text,
  properties jsonb, gone_properties text[],
  session_count int, session_time bigint, session_subscription uuid, amount_spent numeric, purchases jsonb
);
