-- What stands in `tokens` for a subscription. No token may begin with the control character.
create function subscription_key(token text, subscription_id uuid) returns text
language sql immutable parallel safe
return case when token = '' then E'\x01' || subscription_id else token end;
