import { checkText, checkName, refuse } from './text-rule.ts';

const LONGEST_KEY = 255;
const LONGEST_VALUE = 1024;

/** Names that mean something else inside a template. */
export const RESERVED_TAG_KEYS: ReadonlySet<string> = new Set([
  'message',
  'notification',
  'subscription',
  'user',
  'template',
  'app',
  'org',
  'dynamic_content',
  'data_feed',
  'journey',
  'custom_data',
]);

/** What a request does to tags: they merge, they are never replaced as a whole. */
export interface TagChanges {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** Throws ApiError `request-invalid` naming the key. Values that are not strings become their usual text. */
export function parseTags(
  tags: Readonly<Record<string, string | number | boolean | null>> | null | undefined,
): TagChanges {
  // A plain object: bodies have no `__proto__`, and V8 copies and writes one without a prototype slowly.
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const [key, given] of Object.entries(tags ?? {})) {
    checkName('properties.tags: the key', key, LONGEST_KEY);
    const value = tagText(key, given);
    if (value === '') {
      // A reserved key that came from elsewhere can still be removed.
      remove.push(key);
      continue;
    }
    if (RESERVED_TAG_KEYS.has(key)) {
      refuse(`properties.tags.${key}`, 'is reserved for templates. Choose another key');
    }
    set[key] = checkText(`properties.tags.${key}`, value, LONGEST_VALUE);
  }
  return { set, remove };
}

/** The state after the changes: what the database does, in one line. */
export function mergeTags(tags: Readonly<Record<string, string>>, { set, remove }: TagChanges) {
  const merged = { ...tags, ...set };
  return Object.fromEntries(Object.entries(merged).filter(([key]) => !remove.includes(key)));
}

function tagText(key: string, value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return refuse(`properties.tags.${key}`, 'must be a string, a number or a boolean', value);
}
