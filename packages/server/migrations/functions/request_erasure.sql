-- Notes down that everything about a user, or a subscription, has to be erased. Part of the transaction that
-- deletes it. person: see `Person` in modules/identity/personal-data.ts. history: source, actor. Returns the
-- erasure's id, which names its lane.
create function request_erasure(
  of_lane int, app uuid, kind text, person jsonb, alias_hash bytea, history jsonb, at timestamptz
) returns uuid
language sql
as $$
  insert into erasures (lane, id, app_id, kind, person, alias_hash, source, actor, requested_at, due_at)
  values (of_lane, id_in_lane(timed_id(at), of_lane), app, kind, person || jsonb_build_object('appId', app),
    alias_hash, history ->> 'source', (history ->> 'actor')::uuid, at, at)
  returning id;
$$;
