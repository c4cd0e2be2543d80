import { APPEND_NEWS } from './feed-store.ts';

/**
 * CTEs that tell the feed of what happened beside messages, to be put into the statement that makes it happen:
 *
 *     with ..., happened (lane, app_id, topic, n, id, kind, user_id, subscription_id, at, data, written_at) as (...),
 *     ${TELL_HAPPENED}
 *     select ...
 *
 * `topic` and `kind` are of `KINDS_OF_TOPICS`; rows of an app that does not want the topic are left out. A lane's rows
 * become one batch, in the order of `n`: some thousands at most, because readers hold whole batches. `id` (uuid) names
 * the event for good. `user_id` and `subscription_id` may be null. `at` is when it happened, `written_at` is now on the
 * injected clock. `data` (jsonb) says the rest, and goes when the user is erased: put nothing personal elsewhere. Lanes
 * are locked as APPEND_NEWS says, until the commit, so it comes last of what the transaction locks.
 */
export const TELL_HAPPENED = `
  news as (
    select h.lane, h.app_id, 'events' as kind, count(*)::int as size, null::uuid as message_id, null::int as page,
      null::uuid as first_id, null::uuid as last_id, max(h.written_at) as at,
      jsonb_agg(jsonb_build_object('id', h.id, 'kind', h.kind, 'subscriptionId', h.subscription_id,
        'userId', h.user_id, 'at', (extract(epoch from h.at) * 1000)::bigint, 'data', h.data) order by h.n) as events
    from happened h
    where exists (select from feed_topics t where t.app_id = h.app_id and t.topic = h.topic)
    group by h.lane, h.app_id
  ),
  ${APPEND_NEWS}`;
