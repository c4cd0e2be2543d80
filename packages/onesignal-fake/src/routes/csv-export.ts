import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FakeSubscription } from '../app/user.ts';
import { textOf, textsOf } from '../call.ts';
import type { Call } from '../call.ts';
import { csvLine } from '../import/csv-line.ts';
import { basic, ok } from '../reply.ts';
import type { Reply } from '../reply.ts';

const EXTRA: ReadonlySet<string> = new Set([
  'external_user_id',
  'onesignal_id',
  'location',
  'country',
  'rooted',
  'ip',
  'web_auth',
  'web_p256',
  'unsubscribed_at',
  'notification_types',
  'timezone_id',
]);
const COLUMNS = [
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
const ROWS_PER_SECOND = 2000;
/** Numbers of the documented device types. */
const DEVICE_TYPES: Readonly<Record<string, number>> = {
  iOSPush: 0,
  AndroidPush: 1,
  FireOSPush: 2,
  ChromeExtensionPush: 4,
  ChromePush: 5,
  WindowsPush: 6,
  SafariLegacyPush: 7,
  FirefoxPush: 8,
  macOSPush: 9,
  Email: 11,
  HuaweiPush: 13,
  SMS: 14,
  SafariPush: 17,
};

/** `POST /players/csv_export`: the file answers 404 until it is ready, at 2,000 rows a second. */
export function exportSubscriptions(call: Call): Reply {
  const { app, body, now, url } = call;
  const extra = textsOf(body['extra_fields']);
  const unknown = extra.find((field) => !EXTRA.has(field));
  if (unknown !== undefined) return basic(400, `extra_fields has no ${unknown}`);
  const subscriptions = [...app.people.all()].flatMap((user) => user.subscriptions);
  const columns = [
    ...COLUMNS,
    ...extra.flatMap((field) => (field === 'location' ? ['lat', 'long'] : [field])),
  ];
  const lines = subscriptions.map((one) => {
    const row = rowOf(one);
    return csvLine(columns.map((column) => String(row[column] ?? '')));
  });
  const name = `${randomUUID()}.csv.gz`;
  const readyAt = now + (subscriptions.length / ROWS_PER_SECOND) * 1000;
  app.exports.set(name, { file: gzipSync([csvLine(columns), ...lines].join('')), readyAt });
  return ok(200, { csv_file_url: `${url}/_fake/exports/${name}` });
}

function rowOf({
  id,
  token,
  type,
  enabled,
  notificationTypes,
  webAuth,
  webP256,
  owner,
}: FakeSubscription): Record<string, string | number | undefined> {
  return {
    id,
    identifier: token,
    session_count: 0,
    language: textOf(owner.properties['language']),
    device_type: DEVICE_TYPES[type],
    tags: JSON.stringify(Object.fromEntries(owner.tags)),
    invalid_identifier: enabled ? 'f' : 't',
    external_user_id: owner.aliases.get('external_id'),
    onesignal_id: owner.onesignalId,
    country: textOf(owner.properties['country']),
    timezone_id: textOf(owner.properties['timezone_id']),
    notification_types: notificationTypes,
    web_auth: webAuth ?? undefined,
    web_p256: webP256 ?? undefined,
    lat: textOf(owner.properties['lat']),
    long: textOf(owner.properties['long']),
  };
}
