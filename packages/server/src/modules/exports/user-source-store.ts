import { column } from './column.ts';
import type { ExportSource } from './export-source.ts';
import { sinceCondition } from './time-conditions.ts';

const ALIASES = `(select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = u.id)`;
const SUBSCRIPTIONS = `(select jsonb_agg(jsonb_build_object('id', s.id, 'type', s.type, 'token', s.token,
    'subscribed', s.reachable) order by s.created_at, s.id)
  from subscriptions s where s.lane = u.lane and s.user_id = u.id and s.app_id = u.app_id)`;

/** One row for each user. */
export const userSource: ExportSource = {
  columns: [
    column('onesignal_id', 'text', 'u.id'),
    column('external_id', 'text', 'u.external_id'),
    column('aliases', 'json', ALIASES),
    column('tags', 'json', 'u.tags'),
    column('language', 'text', 'u.language'),
    column('timezone_id', 'text', 'u.timezone_id'),
    column('country', 'text', 'u.country'),
    column('lat', 'number', `(u.properties ->> 'lat')::numeric`),
    column('long', 'number', `(u.properties ->> 'long')::numeric`),
    column('session_count', 'integer', 'u.session_count'),
    column('session_time', 'integer', 'u.session_time'),
    column('amount_spent', 'number', 'coalesce(u.amount_spent, 0)'),
    column('purchases', 'json', 'u.purchases'),
    column('subscriptions', 'json', SUBSCRIPTIONS),
    column('first_active', 'time', 'u.first_active'),
    column('last_active', 'time', 'u.last_active'),
    column('updated_at', 'time', 'u.updated_at'),
  ],
  usual: [
    'onesignal_id',
    'external_id',
    'aliases',
    'tags',
    'language',
    'timezone_id',
    'country',
    'session_count',
    'session_time',
    'amount_spent',
    'first_active',
    'last_active',
  ],
  filters: ['last_active_since'],
  required: [],
  from({ app, subject, parameters }) {
    const { last_active_since: since } = subject.filter;
    // In the words of the index that begins with the app's bytes, for an app that is one of many.
    const conditions = [
      `uuid_send(u.app_id) = uuid_send(${app})`,
      ...sinceCondition('u.last_active', since, parameters),
    ];
    return `from users u where ${conditions.join(' and ')}`;
  },
};
