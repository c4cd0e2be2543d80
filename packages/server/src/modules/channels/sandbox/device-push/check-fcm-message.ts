import type { FieldViolation } from './fcm-errors.ts';

type Json = Readonly<Record<string, unknown>>;

const MOST_BYTES = 4_096;
const LONGEST_TTL_S = 28 * 24 * 3_600;
const RESERVED = /^(?:from$|message_type$|google\.|gcm\.notification\.)/;
const ANDROID_FIELDS = new Set([
  'collapse_key',
  'priority',
  'ttl',
  'restricted_package_name',
  'data',
  'notification',
  'fcm_options',
  'direct_boot_ok',
]);

/** What FCM would find wrong with a message for an Android device, in its order. */
export function violationsIn(message: Json): readonly FieldViolation[] {
  return [...inToken(message['token']), ...inData(message['data']), ...inAndroid(message['android'])];
}

const violation = (field: string, description: string): readonly FieldViolation[] => [{ field, description }];

function inToken(token: unknown): readonly FieldViolation[] {
  const isToken = typeof token === 'string' && /^[\w:.-]{4,4096}$/.test(token);
  return isToken ? [] : violation('message.token', 'Invalid registration token');
}

function inData(data: unknown): readonly FieldViolation[] {
  if (data === undefined) return [];
  if (typeof data !== 'object' || data === null) return violation('message.data', 'Not a map');
  let bytes = 0;
  const found: FieldViolation[] = [];
  for (const [index, [name, value]] of Object.entries(data).entries()) {
    if (RESERVED.test(name))
      found.push({ field: `message.data[${index}].key`, description: `Reserved key ${name}` });
    if (typeof value === 'string') bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    else found.push({ field: `message.data[${index}].value`, description: 'Not a string' });
  }
  return bytes > MOST_BYTES ? [...found, { field: 'message', description: 'Message is too big' }] : found;
}

function inAndroid(android: unknown): readonly FieldViolation[] {
  if (android === undefined) return [];
  if (typeof android !== 'object' || android === null) return violation('message.android', 'Not an object');
  const { priority = 'NORMAL', ttl = '0s', collapse_key: collapseKey = '' } = android as Json;
  const unknown = Object.keys(android).find((name) => !ANDROID_FIELDS.has(name));
  const seconds = typeof ttl === 'string' ? Number(/^(\d{1,10}(?:\.\d{1,9})?)s$/.exec(ttl)?.[1]) : Number.NaN;
  return [
    ...(unknown === undefined ? [] : violation(`message.android.${unknown}`, `Cannot find field ${unknown}`)),
    ...(priority === 'NORMAL' || priority === 'HIGH'
      ? []
      : violation('message.android.priority', 'Invalid value')),
    ...(seconds <= LONGEST_TTL_S ? [] : violation('message.android.ttl', 'Invalid TTL')),
    ...(typeof collapseKey === 'string' ? [] : violation('message.android.collapse_key', 'Not a string')),
  ];
}
