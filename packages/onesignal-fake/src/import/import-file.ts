import { refuseSubscription, giveSubscription } from '../app/set-subscription.ts';
import { setProperties } from '../app/set-properties.ts';
import type { FakeUser } from '../app/user.ts';
import { objectOf } from '../call.ts';
import type { Call } from '../call.ts';
import { basic, ok } from '../reply.ts';
import type { Json, Reply } from '../reply.ts';
import { readCsv } from './read-csv.ts';

const MOST_BYTES = 150_000_000;
const MOST_TAG_COLUMNS = 1000;
const IDENTIFIERS = ['external_id', 'email', 'phone_number', 'subscription_id'];
const PROPERTIES: Readonly<Record<string, string>> = {
  timezone: 'timezone_id',
  timezone_id: 'timezone_id',
  country: 'country',
  language: 'language',
};

interface ImportCount {
  created: number;
  updated: number;
  /** Line number and reason, the first hundred. */
  readonly refused: { readonly line: number; readonly rule: string }[];
}

/** What the dashboard's import would do with this file; the rules are those that it publishes. */
export function importFile(call: Call, file: Buffer): Reply {
  if (file.length >= MOST_BYTES) return basic(400, 'The file must be smaller than 150 MB.');
  const text = file.toString('utf8');
  if (text.startsWith('\uFEFF')) return basic(400, 'The file must be UTF-8 without a byte order mark.');
  const rows = readCsv(text);
  const first = rows.next();
  const header = first.done === true ? undefined : first.value;
  const wrong = wrongHeader(header ?? []);
  if (header === undefined || wrong !== null) return basic(400, wrong ?? 'The file is empty.');
  const count: ImportCount = { created: 0, updated: 0, refused: [] };
  let line = 1;
  for (const fields of rows) {
    line += 1;
    const row = Object.fromEntries(header.map((name, i) => [name, fields[i] ?? '']));
    const rule = importRow(call, row, count);
    if (rule !== null && count.refused.length < 100) count.refused.push({ line, rule });
  }
  return ok(200, { ...count });
}

function wrongHeader(header: readonly string[]): string | null {
  if (new Set(header).size !== header.length) return 'Column headers must be unique.';
  if (!header.some((name) => IDENTIFIERS.includes(name)))
    return `The file needs one of the columns ${IDENTIFIERS.join(', ')}.`;
  const tags = header.filter((name) => isTag(name));
  if (tags.length > MOST_TAG_COLUMNS) return `The file has more than ${MOST_TAG_COLUMNS} tag columns.`;
  return tags.length > 0 && header.includes('tags') ? 'Give a tags column or one column for each tag.' : null;
}

function isTag(name: string): boolean {
  return ![...IDENTIFIERS, ...Object.keys(PROPERTIES), 'subscribed', 'suppressed', 'tags'].includes(name);
}

/** null when the row was taken; else what is wrong with it. */
function importRow(call: Call, row: Readonly<Record<string, string>>, count: ImportCount): string | null {
  const { people } = call.app;
  const addresses = [
    ...(row['email'] ? [{ type: 'Email', token: row['email'] }] : []),
    ...(row['phone_number'] ? [{ type: 'SMS', token: row['phone_number'] }] : []),
  ];
  const refused = addresses.map((address) => refuseSubscription(address)).find((reply) => reply !== null);
  if (refused !== undefined && refused !== null) return 'has an email address or a phone number that is none';
  const byId = row['subscription_id'] ? people.subscription(row['subscription_id']) : undefined;
  if (!row['external_id'] && addresses.length === 0 && byId === undefined) return 'names nobody';
  if (row['subscribed'] && addresses.length === 0 && byId === undefined)
    return 'changes a subscription and names none: give email, phone_number or subscription_id';
  const { user, isNew } = userOf(call, row, byId?.owner);
  const tags = tagsOf(row);
  if (tags === null) return 'has tags that are no JSON object';
  setProperties(user, { tags, ...propertiesOf(row) });
  const enabled = row['subscribed'] ? { enabled: isYes(row['subscribed']) } : {};
  for (const address of addresses) giveSubscription(call, user, { ...address, ...enabled });
  if (byId !== undefined && 'enabled' in enabled) byId.enabled = enabled.enabled;
  if (isNew) count.created += 1;
  else count.updated += 1;
  return null;
}

function userOf(call: Call, row: Readonly<Record<string, string>>, owner: FakeUser | undefined) {
  const { people } = call.app;
  const externalId = row['external_id'] ?? '';
  const known =
    (externalId === '' ? undefined : people.find('external_id', externalId)) ??
    (externalId === '' ? (owner ?? people.byToken('Email', row['email'] ?? '')?.owner) : undefined);
  const user = known ?? people.add();
  if (externalId !== '') people.setAlias(user, 'external_id', externalId);
  return { user, isNew: known === undefined };
}

function tagsOf(row: Readonly<Record<string, string>>): Json | null {
  if (row['tags'] === undefined || row['tags'] === '')
    return Object.fromEntries(Object.entries(row).filter(([name, value]) => isTag(name) && value !== ''));
  try {
    return objectOf(JSON.parse(row['tags']));
  } catch {
    return null;
  }
}

function propertiesOf(row: Readonly<Record<string, string>>): Json {
  const given = Object.entries(PROPERTIES).filter(
    ([column]) => row[column] !== undefined && row[column] !== '',
  );
  return Object.fromEntries(given.map(([column, property]) => [property, row[column]]));
}

function isYes(text: string): boolean {
  return ['yes', 'true', '1', 'subscribed'].includes(text.toLowerCase());
}
