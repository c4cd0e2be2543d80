-- The same id in another lane: a lane is the last byte of an id.
create function id_in_lane(id uuid, lane int) returns uuid
language sql immutable parallel safe
return (left(id::text, 34) || lpad(to_hex(lane), 2, '0'))::uuid;
