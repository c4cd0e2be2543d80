-- What write_users has found out about a request and decided to do.
--   names, adds, grows    it gives the user an external_id, an alias, one besides external_id
--   led                   its aliases, {label, value}, that existed before: all lead to the user
create type user_plan as (
  asked user_write, outcome text, detail jsonb, lane int, user_id uuid,
  names boolean, adds boolean, grows boolean, led jsonb
);
