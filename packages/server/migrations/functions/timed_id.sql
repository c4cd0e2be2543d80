-- A new id that begins with its time (version 7, RFC 9562), as `newTimedId` makes them.
create function timed_id(at timestamptz) returns uuid
language sql volatile
as $$
  select (left(millis, 8) || '-' || right(millis, 4) || '-7' || substr(random, 16, 3) || '-' || substr(random, 20))::uuid
  from (select lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as millis,
    gen_random_uuid()::text as random) parts;
$$;
