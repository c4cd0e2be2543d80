import { invalidField } from '../../platform/http/invalid-field.ts';

/** What a column can mean by one word. */
export const MEANINGS = [
  'ignore',
  'external_id',
  'onesignal_id',
  'former_onesignal_id',
  'subscription_id',
  'email',
  'phone_number',
  'token',
  'type',
  'device_type',
  'subscribed',
  'unsubscribed',
  'suppressed',
  'notification_types',
  'tags',
  'aliases',
  'language',
  'timezone_id',
  'country',
  'lat',
  'long',
  'test_user_name',
  'created_at',
  'last_active',
  'session_count',
  'session_time',
  'device_model',
  'device_os',
  'app_version',
  'rooted',
  'web_auth',
  'web_p256',
] as const;
export type Word = (typeof MEANINGS)[number];

/** What a column means. */
export type Meaning =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'tag'; readonly key: string }
  | { readonly kind: 'alias'; readonly label: string };

/** `own`: as this platform documents it. `onesignal`: OneSignal's export of subscriptions, or ours in its form. */
export type FileFormat = 'own' | 'onesignal';

/** The label under which users without a name of their own keep the id that they had elsewhere. */
export const FORMER_ID_LABEL = 'former_onesignal_id';

const SYNONYMS: Readonly<Record<string, Word>> = {
  external_user_id: 'external_id',
  phone: 'phone_number',
  suscribed: 'subscribed',
  timezone: 'timezone_id',
  first_active: 'created_at',
  playtime: 'session_time',
  game_version: 'app_version',
  // Addresses from which devices call are not kept, and what was spent comes with purchases.
  ip: 'ignore',
  ad_id: 'ignore',
  amount_spent: 'ignore',
  badge_count: 'ignore',
};

/** Where OneSignal's columns have names that mean something else, or nothing here. */
const OF_ONESIGNAL: Readonly<Record<string, Word>> = {
  id: 'ignore',
  identifier: 'token',
  onesignal_id: 'former_onesignal_id',
  invalid_identifier: 'unsubscribed',
  // Seconds from UTC: no time zone has a name by that.
  timezone: 'ignore',
  unsubscribed_at: 'ignore',
  // Of our own export.
  channel: 'ignore',
  enabled: 'ignore',
  updated_at: 'ignore',
};

/** An export of subscriptions has its addresses in a column of this name, and says what they are. */
export function formatOf(columns: readonly string[]): FileFormat {
  return columns.includes('identifier') && (columns.includes('device_type') || columns.includes('type'))
    ? 'onesignal'
    : 'own';
}

/** What a column means by its name; null when that says nothing. */
export function meaningOfName(name: string, format: FileFormat): Meaning | null {
  const [, prefix, rest = ''] = /^(tags|aliases)\.(.+)$/.exec(name) ?? [];
  if (prefix === 'tags') return { kind: 'tag', key: rest };
  if (prefix === 'aliases') return { kind: 'alias', label: rest };
  const plain = name.toLowerCase();
  const word = (format === 'onesignal' ? OF_ONESIGNAL[plain] : undefined) ?? SYNONYMS[plain] ?? wordOf(plain);
  return word === null ? null : { kind: 'word', word };
}

/** What a mapping says that a column means. Throws ApiError `request-invalid`. */
export function parseMeaning(column: string, text: string): Meaning {
  const [, prefix, rest = ''] = /^(tag|alias)\.(.+)$/s.exec(text) ?? [];
  if (prefix === 'tag') return { kind: 'tag', key: rest };
  if (prefix === 'alias') {
    return rest === 'external_id' ? { kind: 'word', word: 'external_id' } : { kind: 'alias', label: rest };
  }
  const word = wordOf(text);
  if (word !== null) return { kind: 'word', word };
  throw invalidField(
    `mapping.${column}`,
    `must be tag.<key>, alias.<label> or one of ${MEANINGS.join(', ')}, and not "${text}"`,
  );
}

export function presentMeaning(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'word':
      return meaning.word;
    case 'tag':
      return `tag.${meaning.key}`;
    case 'alias':
      return `alias.${meaning.label}`;
  }
}

/** The word, or null when it is none. */
function wordOf(text: string): Word | null {
  return (MEANINGS as readonly string[]).includes(text) ? (text as Word) : null;
}
