import { LANES } from '../../platform/ids.ts';
import { audienceCondition, reachCondition } from '../audience/index.ts';
import { deviceTypeOf } from '../identity/index.ts';
import { SUBSCRIPTION_TYPES } from '@carillon/wire';
import { column } from './column.ts';
import type { ExportSource } from './export-source.ts';
import { sinceCondition } from './time-conditions.ts';

const ALL_LANES = Array.from({ length: LANES }, (_, lane) => lane);

const DEVICE_TYPE = `case s.type ${SUBSCRIPTION_TYPES.map(
  (type) => `when '${type}' then ${deviceTypeOf(type)}`,
).join(' ')} end`;

/** The newest refusal that is known, of whoever is off. */
const UNSUBSCRIBED_AT = `case when not s.reachable then (
  select max(c.at) from consents c where c.lane = s.lane and c.subscription_id = s.id and not c.granted) end`;

/** In the order in which they are documented. */
export const DOCUMENTED_COLUMNS: readonly string[] = [
  'id',
  'identifier',
  'session_count',
  'language',
  'timezone',
  'game_version',
  'device_os',
  'device_type',
  'device_model',
  'ad_id',
  'tags',
  'last_active',
  'playtime',
  'amount_spent',
  'created_at',
  'invalid_identifier',
];

/** One row for each subscription, with what its user is. */
export const subscriptionSource: ExportSource = {
  columns: [
    column('id', 'text', 's.id'),
    column('identifier', 'text', `nullif(s.token, '')`),
    column('session_count', 'integer', 's.session_count'),
    column('language', 'text', 'u.language'),
    // Seconds from UTC, today.
    column('timezone', 'integer', 'extract(epoch from z.utc_offset)::int'),
    column('game_version', 'text', `s.device ->> 'app_version'`),
    column('device_os', 'text', `s.device ->> 'device_os'`),
    column('device_type', 'integer', DEVICE_TYPE),
    column('device_model', 'text', `s.device ->> 'device_model'`),
    // Not kept, as the addresses from which devices call are not.
    column('ad_id', 'text', 'null::text'),
    column('tags', 'json', 'u.tags'),
    column('last_active', 'time', 's.last_active'),
    column('playtime', 'integer', 's.session_time'),
    column('amount_spent', 'number', 'coalesce(u.amount_spent, 0)'),
    column('created_at', 'time', 's.created_at'),
    column('invalid_identifier', 'boolean', 'not s.reachable'),
    column('external_user_id', 'text', 'u.external_id'),
    column('onesignal_id', 'text', 'u.id'),
    column('country', 'text', 'u.country'),
    column('rooted', 'boolean', `(s.device ->> 'rooted')::boolean`),
    column('ip', 'text', 'null::text'),
    column('web_auth', 'text', `s.device ->> 'web_auth'`),
    column('web_p256', 'text', `s.device ->> 'web_p256'`),
    column('unsubscribed_at', 'time', UNSUBSCRIBED_AT),
    column('notification_types', 'integer', 's.notification_types'),
    column('timezone_id', 'text', 'u.timezone_id'),
    column('lat', 'number', `(u.properties ->> 'lat')::numeric`),
    column('long', 'number', `(u.properties ->> 'long')::numeric`),
    column('type', 'text', 's.type'),
    column('channel', 'text', 's.channel'),
    column('enabled', 'boolean', 's.enabled'),
    column('subscribed', 'boolean', 's.reachable'),
    column('updated_at', 'time', 's.updated_at'),
  ],
  usual: [
    'id',
    'type',
    'identifier',
    'external_user_id',
    'onesignal_id',
    'subscribed',
    'notification_types',
    'tags',
    'language',
    'country',
    'timezone_id',
    'session_count',
    'playtime',
    'last_active',
    'created_at',
  ],
  filters: ['segment', 'include_unsubscribed', 'channel', 'last_active_since'],
  required: [],
  from({ appId, app, subject, parameters, now, messageEvents }) {
    const { filter, segment, columns } = subject;
    const unsubscribedToo = filter.include_unsubscribed === true;
    const conditions = [
      `t.app_id = ${app}`,
      ...(filter.channel === undefined ? [] : [`s.channel = ${parameters.add(filter.channel, 'text')}`]),
      ...sinceCondition('s.last_active', filter.last_active_since, parameters),
      ...(segment === null
        ? []
        : [
            reachCondition({
              include: segment,
              exclude: [],
              only: [],
              ...(unsubscribedToo && { unsubscribedToo }),
            }),
            audienceCondition({ include: segment, exclude: [], only: [] }, parameters, {
              appId,
              lanes: ALL_LANES,
              users: null,
              now,
              messageEvents,
            }),
          ]),
    ];
    // By way of the tokens: theirs is the index that begins with the app, for an app that is one of many.
    return `from tokens t
      join subscriptions s on s.lane = t.lane and s.id = t.subscription_id and s.app_id = t.app_id
      join users u on u.lane = s.lane and u.id = s.user_id and u.app_id = s.app_id
      ${columns.includes('timezone') ? 'left join pg_timezone_names z on z.name = u.timezone_id' : ''}
      where ${conditions.join(' and ')}`;
  },
};
