-- Tells the feed of changes of subscriptions, for those apps that want that: what TELL_HAPPENED of the feed module does,
-- for the functions of this folder. Heads of lanes are locked in the order of their lanes, until the commit, and after
-- everything else that a function locks: call it last.
-- changes: lane, app_id, user_id, subscription_id, kind, type, channel, notification_types
create function tell_subscriptions(changes jsonb, at timestamptz) returns void
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  told jsonb;
begin
  select jsonb_agg(jsonb_build_object('lane', c.lane, 'app_id', c.app_id, 'size', c.size, 'events', c.events))
  into told
  from (
    select x.lane, x.app_id, count(*) as size, jsonb_agg(jsonb_build_object(
      'id', timed_id(at), 'kind', x.kind, 'subscriptionId', x.subscription_id, 'userId', x.user_id,
      'at', (extract(epoch from at) * 1000)::bigint, 'data', jsonb_build_object(
        'type', x.type, 'channel', x.channel, 'notification_types', x.notification_types))) as events
    from jsonb_to_recordset(changes) x (lane int, app_id uuid, user_id uuid, subscription_id uuid, kind text, type text,
      channel text, notification_types int)
    where exists (select from feed_topics t where t.app_id = x.app_id and t.topic = 'subscriptions')
    group by x.lane, x.app_id) c;
  if told is null then
    return;
  end if;
  perform from feed_heads h
  where h.lane in (select n.lane from jsonb_to_recordset(told) n (lane int)) order by h.lane for update;
  with taken as (
    update feed_heads h set position = h.position + n.batches
    from (select n.lane, count(*) as batches from jsonb_to_recordset(told) n (lane int) group by n.lane) n
    where h.lane = n.lane
    returning h.lane, h.position - n.batches as before
  )
  insert into feed (lane, position, app_id, kind, size, events, at)
  select n.lane, t.before + row_number() over (partition by n.lane), n.app_id, 'events', n.size, n.events, at
  from jsonb_to_recordset(told) n (lane int, app_id uuid, size int, events jsonb) join taken t using (lane);
end $$;
