-- The reason code after a change: -31 when it was switched off here and nobody had opted out before.
create function opt_in_reason(enabled boolean, asked int, present int) returns int
language sql immutable parallel safe
return case
  when enabled is null then coalesce(asked, present)
  when enabled then coalesce(asked, greatest(present, 1))
  when asked <= 0 then asked
  when present <= 0 then present
  else -31
end;
