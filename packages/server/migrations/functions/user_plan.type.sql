-- What write_users has found out about a request and decided to do.
--   names, adds, grows    it gives the user an external_id, an alias, one besides external_id
create type user_plan as (
  asked user_write, outcome text, detail jsonb, lane int, user_id uuid,
  names boolean, adds boolean, grows boolean
);
