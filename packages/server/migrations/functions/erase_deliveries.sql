-- Takes away the next chunks of an app, in the order of their keys, with all that hangs on them: at most
-- most_chunks of them, and no further one when those before have most_rows deliveries. Returns how many
-- rows that were and the last chunk; no row when there was none.
--
-- The chunks go first: whoever is about to close one of their pages waits for that, and then writes nothing.
create function erase_deliveries(app uuid, after_message uuid, after_lane int, most_chunks int, most_rows int)
returns table (erased bigint, last_message uuid, last_lane int)
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  message_ids uuid[];
  lanes int[];
  gone bigint;
begin
  with next as (
    select c.message_id, c.lane,
      c.sent + c.failed + c.unsubscribed + c.suppressed + c.capped + c.expired + c.cancelled + c.unknown as size
    from message_chunks c
    where (c.message_id, c.lane) > (after_message, after_lane) and c.app_id = app
    order by c.message_id, c.lane limit most_chunks
  ), fitting as (
    select n.message_id, n.lane from (
      select *, sum(size) over (order by message_id, lane) - size as before from next) n
    where n.before < most_rows
  ), chunk as (
    delete from message_chunks c using fitting f where c.message_id = f.message_id and c.lane = f.lane
    returning c.message_id, c.lane
  )
  select array_agg(c.message_id order by c.message_id, c.lane), array_agg(c.lane order by c.message_id, c.lane)
  into message_ids, lanes from chunk c;
  if message_ids is null then
    return;
  end if;
  erased := cardinality(message_ids);
  last_message := message_ids[cardinality(message_ids)];
  last_lane := lanes[cardinality(lanes)];

  delete from delivery_retries r using unnest(message_ids, lanes) as c (message_id, lane)
  where r.message_id = c.message_id and r.lane = c.lane;
  get diagnostics gone = row_count;
  erased := erased + gone;
  delete from delivery_events e using unnest(message_ids, lanes) as c (message_id, lane)
  where e.lane = c.lane and e.message_id = c.message_id;
  get diagnostics gone = row_count;
  erased := erased + gone;
  delete from deliveries d using unnest(message_ids, lanes) as c (message_id, lane)
  where d.lane = c.lane and d.message_id = c.message_id;
  get diagnostics gone = row_count;
  erased := erased + gone;
  return next;
end $$;
