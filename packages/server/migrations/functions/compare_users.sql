-- Tells for each of a batch of writes to users of one app what it would meet, without writing or locking
-- anything. A row comes back for each write that names anybody who is known, or must be:
--   same      it would change nothing of `user_id`
--   change    it would change properties of `user_id`, and nothing else
--   known     anything else; `touched` holds the users whose aliases or subscriptions it names
-- All of it is one statement, so of one moment.
--
-- requests: n, by_id (an addressed user), touch, tags, gone_tags, language, timezone_id, country, properties,
--   gone_properties
-- identities: n, label, value
-- devices: n, given_id, type, token, enabled, notification_types, device, session_count, session_time,
--   consent_at, consent_source
-- What is absent asks for nothing.
create function compare_users(app uuid, requests jsonb, identities jsonb, devices jsonb)
returns table (n int, verdict text, user_id uuid, touched uuid[])
language plpgsql stable
set enable_seqscan = off
set enable_bitmapscan = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  return query
  with owned as materialized (
    select i.n, a.user_id
    from jsonb_to_recordset(identities) i (n int, label text, value text)
    left join lateral (
      select a.user_id from aliases a
      where a.app_id = app and a.label = i.label and a.value = i.value limit 1) a on true
  ), device as materialized (
    -- What write_subscriptions would leave as it is.
    select d.n, s.user_id,
      (coalesce(d.consent_at < s.consented_at, false)
        or retries_by_itself(d.notification_types) and s.notification_types > 0
        or s.enabled = coalesce(d.enabled, d.notification_types > 0, s.enabled)
          and s.notification_types = opt_in_reason(d.enabled, d.notification_types, s.notification_types))
      and s.device @> coalesce(d.device, '{}')
      and s.session_count = coalesce(d.session_count, s.session_count)
      and s.session_time = coalesce(d.session_time, s.session_time)
      and coalesce(d.token, '') in ('', s.token)
      and (d.consent_at is null or d.consent_at <= s.consented_at and exists (
        select from consents c
        where c.lane = s.lane and c.subscription_id = s.id and c.at = d.consent_at and c.source = d.consent_source
      )) as same
    from jsonb_to_recordset(devices) d (
      n int, given_id uuid, type text, token text, enabled boolean, notification_types int,
      device jsonb, session_count int, session_time bigint, consent_at timestamptz, consent_source text)
    left join lateral (
      select t.lane, t.subscription_id from tokens t
      where t.app_id = app and t.type = d.type and t.token = d.token limit 1) t on d.given_id is null
    left join lateral (
      select m.lane from moved_subscriptions m where m.subscription_id = d.given_id limit 1) m on true
    left join lateral (
      select s.* from subscriptions s
      where s.lane = coalesce(t.lane, m.lane, lane_of(d.given_id))
        and s.id = coalesce(t.subscription_id, d.given_id) and s.app_id = app limit 1) s on true
  ), met as materialized (
    -- A subscription alone does not say who is meant: it would go to a new user.
    select e.n, array_agg(distinct e.user_id) filter (where e.user_id is not null) as touched,
      bool_and(e.same) and bool_or(e.names) as same
    from (
      select o.n, o.user_id, o.user_id is not null as same, true as names from owned o
      union all
      select d.n, d.user_id, coalesce(d.same, false), false from device d
      union all
      select r.n, r.by_id, true, true from jsonb_to_recordset(requests) r (n int, by_id uuid)
      where r.by_id is not null
    ) e
    group by e.n
  )
  select w.n, w.verdict, w.user_id, case when w.verdict = 'known' then w.touched end
  from (
    select r.n, u.id as user_id, m.touched,
      case when m.same is not true or r.touch or u.id is null then 'known'
        when u.tags @> coalesce(r.tags, '{}') and not u.tags ?| coalesce(r.gone_tags, '{}')
          and (r.language is null or r.language is not distinct from u.language)
          and (r.timezone_id is null or r.timezone_id is not distinct from u.timezone_id)
          and (r.country is null or r.country is not distinct from u.country)
          and u.properties @> coalesce(r.properties, '{}')
          and not u.properties ?| coalesce(r.gone_properties, '{}') then 'same'
        else 'change' end as verdict
    from met m
    join jsonb_to_recordset(requests) r (
      n int, by_id uuid, touch boolean, tags jsonb, gone_tags text[], language text, timezone_id text,
      country text, properties jsonb, gone_properties text[]) on r.n = m.n
    left join lateral (
      select * from users u
      where u.lane = lane_of(m.touched[1]) and u.id = m.touched[1] and u.app_id = app
        and cardinality(m.touched) = 1 limit 1) u on true
    where m.touched is not null or r.by_id is not null
  ) w;
end $$;
