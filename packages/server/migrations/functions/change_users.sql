-- Changes properties of users of one app, as write_users does, where compare_users has found that nothing else
-- of a write is new. requests: n, user_id, and properties as to compare_users; histories: n, source, actor,
-- changes.
--
-- Returns the `n` of those that are done. A user who is gone, or would have too many tags, is left out.
create function change_users(app uuid, requests jsonb, histories jsonb, tag_limit int, at timestamptz)
returns int[]
language plpgsql
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  done int[];
begin
  with changed as (
    update users u set
      tags = (u.tags || x.tags) - x.gone_tags,
      language = coalesce(x.language, u.language),
      timezone_id = coalesce(x.timezone_id, u.timezone_id),
      country = coalesce(x.country, u.country),
      properties = (u.properties || coalesce(x.properties, '{}')) - coalesce(x.gone_properties, '{}'),
      updated_at = at
    from (
      select x.n, x.user_id, coalesce(x.tags, '{}') as tags, coalesce(x.gone_tags, '{}') as gone_tags,
        x.language, x.timezone_id, x.country, x.properties, x.gone_properties
      from jsonb_to_recordset(requests) x (
        n int, user_id uuid, tags jsonb, gone_tags text[], language text, timezone_id text, country text,
        properties jsonb, gone_properties text[])
      order by lane_of(x.user_id), x.user_id
    ) x
    where u.lane = lane_of(x.user_id) and u.id = x.user_id and u.app_id = app
      and (u.tags ?& array(select jsonb_object_keys(x.tags))
        or (select count(*) from jsonb_object_keys((u.tags || x.tags) - x.gone_tags))
          <= greatest(tag_limit, (select count(*) from jsonb_object_keys(u.tags))))
    returning x.n
  )
  select array_agg(c.n) into done from changed c;

  perform set_config('enable_hashjoin', 'on', true);
  insert into user_changes (lane, user_id, id, day, app_id, action, source, actor, changes, at)
  select lane_of(r.user_id), r.user_id, timed_id(at), (at at time zone 'UTC')::date, app, 'updated', h.source,
    h.actor, h.changes, at
  from jsonb_to_recordset(histories) h (n int, source text, actor uuid, changes jsonb)
  join unnest(done) as d (n) on d.n = h.n
  join jsonb_to_recordset(requests) r (n int, user_id uuid) on r.n = h.n
  order by lane_of(r.user_id), r.user_id;
  insert into changed_users (lane, app_id, user_id, active, at)
  select lane_of(r.user_id), app, r.user_id, false, at
  from jsonb_to_recordset(requests) r (n int, user_id uuid)
  where exists (select from watched_apps w where w.app_id = app) and r.n = any (done);
  return coalesce(done, '{}');
end $$;
