import { asText } from './as-text.ts';
import type { From, Row, TagField } from '../config/fields.ts';
import type { Refuse } from './mapped-user.ts';
import { readField } from './read-field.ts';

const LONGEST_VALUE = 1024;

/**
 * The one rule of values: null removes the tag, booleans are "true" and "false", times are Unix
 * seconds, large numbers are their digits, text is trimmed. Structures have no text.
 */
export function mapTags(
  fields: Readonly<Record<string, TagField<From<Row>>>>,
  row: Row,
  attempt: (field: string, map: () => void) => void,
  refuse: Refuse,
): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [name, field] of Object.entries(fields)) {
    attempt(`tags.${name}`, () => {
      const text = tagText(field, readField(field.from, row));
      if (text === null) refuse(`tags.${name}`, 'is text, a number, a boolean, a time or null');
      else if (text.length > LONGEST_VALUE)
        refuse(`tags.${name}`, `is at most ${LONGEST_VALUE} characters long`);
      else if (text.includes('\u0000')) refuse(`tags.${name}`, 'has no NUL');
      else tags[name] = text;
    });
  }
  return tags;
}

/** null where the value has no text. */
function tagText({ round }: TagField<From<Row>>, value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const seconds = Math.floor(value.getTime() / 1000);
    return Number.isNaN(seconds) ? null : String(seconds);
  }
  if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') return null;
  const text = asText(value).trim();
  if (round === undefined || typeof value === 'boolean' || text === '') return text;
  const number = Number(value);
  return Number.isNaN(number) ? text : String(Number(number.toFixed(round)));
}
