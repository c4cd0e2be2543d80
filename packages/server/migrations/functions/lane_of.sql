create function lane_of(id uuid) returns int
language sql immutable parallel safe
return get_byte(uuid_send(id), 15);
