import type { Recipient } from '../../identity/index.ts';
import type { FeedDataBySubscription, SubscriptionsByUser } from './render-job.ts';

/** A path that a template reads: names, numbers, or a path whose value is the name. */
export type Path = readonly (string | number | Path)[];

/** What a template wants to know of a recipient, and in what order it is sent to the rendering process. */
export interface WantedValues {
  readonly fields: readonly Field[];
  /** The tags by key; `all` when the template goes through them or computes a key. */
  readonly tags: readonly string[] | 'all';
  /** Whether it uses what all recipients share. */
  readonly shared: boolean;
  /** Whether it lists the user's subscriptions. */
  readonly subscriptions: boolean;
  /** Whether it reads what a data feed answered. */
  readonly feedData: boolean;
}

/** What is known of recipients beside themselves. */
export interface RecipientFacts {
  readonly subscriptions: SubscriptionsByUser;
  readonly unsubscribeToken: ((recipient: Recipient) => string) | undefined;
  readonly feedData: FeedDataBySubscription | undefined;
}

type Read = (recipient: Recipient, facts: RecipientFacts) => string | null;

const email: Read = ({ channel, token }) => (channel === 'email' ? token : null);
const phone: Read = ({ channel, token }) => (channel === 'sms' ? token : null);
const externalId: Read = (recipient) => recipient.externalId;
const language: Read = (recipient) => recipient.language;

/** Every value of a recipient that templates can name, tags apart. */
const READERS = {
  'user.external_id': externalId,
  'user.onesignal_id': (recipient) => recipient.userId,
  'user.language': language,
  'user.timezone_id': (recipient) => recipient.timezoneId,
  'user.country': (recipient) => recipient.country,
  'subscription.id': (recipient) => recipient.subscriptionId,
  'subscription.type': (recipient) => recipient.type,
  'subscription.email': email,
  'subscription.phone_number': phone,
  'subscription.external_id': externalId,
  'subscription.language': language,
  'subscription.unsubscribe_token': (recipient, { unsubscribeToken }) =>
    unsubscribeToken?.(recipient) ?? null,
} satisfies Record<string, Read>;

export type Field = keyof typeof READERS;
const FIELDS = Object.keys(READERS) as Field[];

/** Names that are objects, and never the tag of that name. */
const SHARED = new Set(['message', 'template', 'app', 'org', 'journey', 'dynamic_content']);
const OBJECTS = new Set(['user', 'subscription', ...SHARED, 'data_feed']);

/** Computed properties of an object: they need all of it. */
const COMPUTED = new Set(['size', 'first', 'last']);

/** Finds what paths want. What cannot be told from a path is sent whole: too much is only slower. */
export function wantedValues(paths: readonly Path[]): WantedValues {
  const fields = new Set<Field>();
  const tags = new Set<string>();
  let allTags = false;
  let shared = false;
  let subscriptions = false;
  let feedData = false;
  const wantTag = (key: Path[number] | undefined) => {
    if (typeof key === 'string' && !COMPUTED.has(key)) tags.add(key);
    else allTags = true;
  };
  for (const [root, second, third] of paths) {
    if (typeof root !== 'string') allTags = true;
    else if (SHARED.has(root)) shared = true;
    else if (root === 'data_feed') feedData = true;
    else if (!OBJECTS.has(root)) tags.add(root);
    else if (root === 'user' && second === 'tags') wantTag(third);
    else if (root === 'user' && second === 'subscriptions') subscriptions = true;
    else if (root === 'user' || root === 'subscription') {
      const named = FIELDS.filter((field) => field === `${root}.${String(second)}`);
      const whole = typeof second !== 'string' || COMPUTED.has(second);
      if (whole && root === 'user') allTags = subscriptions = true;
      for (const field of whole ? FIELDS.filter((field) => field.startsWith(root)) : named) fields.add(field);
    }
  }
  return { fields: [...fields], tags: allTags ? 'all' : [...tags], shared, subscriptions, feedData };
}

/** How many values `valuesOf` gives for each recipient. */
export function countOf({ fields, tags, subscriptions, feedData }: WantedValues): number {
  const lists = (subscriptions ? 1 : 0) + (feedData ? 1 : 0);
  return fields.length + lists + (tags === 'all' ? 1 : tags.length);
}

/** The values of `recipients`, one recipient after the other: fields, subscriptions, a feed's data, tags. */
export function valuesOf(
  wanted: WantedValues,
  recipients: readonly Recipient[],
  facts: RecipientFacts,
): (string | null)[] {
  const values: (string | null)[] = [];
  const { fields, tags, subscriptions, feedData } = wanted;
  for (const recipient of recipients) {
    for (const field of fields) values.push(READERS[field](recipient, facts));
    if (subscriptions) values.push(JSON.stringify(facts.subscriptions.get(recipient.userId) ?? []));
    if (feedData) values.push(facts.feedData?.get(recipient.subscriptionId) ?? '{}');
    if (tags === 'all') values.push(JSON.stringify(recipient.tags));
    else for (const key of tags) values.push(tagOf(recipient, key));
  }
  return values;
}

function tagOf({ tags }: Recipient, key: string): string | null {
  return Object.hasOwn(tags, key) ? (tags[key] ?? null) : null;
}

/** What the template sees: the values from `at` on, under their names. Bare names are tags. */
export function scopeOf(
  wanted: WantedValues,
  values: readonly (string | null)[],
  at: number,
  shared: object,
): object {
  const user: Record<string, unknown> = {};
  const subscription: Record<string, unknown> = {};
  let next = at;
  for (const field of wanted.fields) {
    const value = values[next++] ?? undefined;
    if (field.startsWith('user.')) user[field.slice(5)] = value;
    else subscription[field.slice(13)] = value;
  }
  if (wanted.subscriptions) user['subscriptions'] = JSON.parse(values[next++] ?? '[]');
  const feedData: unknown = wanted.feedData ? JSON.parse(values[next++] ?? '{}') : undefined;
  const tags = tagsOf(wanted.tags, values, next);
  user['tags'] = tags;
  if (feedData !== undefined) return { ...tags, ...shared, user, subscription, data_feed: feedData };
  return { ...tags, ...shared, user, subscription };
}

function tagsOf(
  wanted: WantedValues['tags'],
  values: readonly (string | null)[],
  at: number,
): Record<string, unknown> {
  if (wanted === 'all') return JSON.parse(values[at] ?? '{}') as Record<string, unknown>;
  const tags: Record<string, unknown> = {};
  wanted.forEach((key, index) => {
    const value = values[at + index];
    // A missing tag is no property, and a tag must not become the prototype.
    if (value !== null && value !== undefined && key !== '__proto__') tags[key] = value;
  });
  return tags;
}
