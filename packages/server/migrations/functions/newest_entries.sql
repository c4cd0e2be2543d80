-- The last `most` entries of a list.
create function newest_entries(list jsonb, most int) returns jsonb
language sql immutable parallel safe
return case
  when jsonb_array_length(list) <= most then list
  else (
    select jsonb_agg(entry order by place)
    from jsonb_array_elements(list) with ordinality as e (entry, place)
    where place > jsonb_array_length(list) - most)
end;
