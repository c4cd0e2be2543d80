import { asText } from './as-text.ts';
import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { Refuse } from './mapped-user.ts';
import { readField } from './read-field.ts';

const LONGEST = 128;
const MOST = 20;
// Keys with control characters are always a mistake.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Further names of a user. null leaves a name as it is at the destination. */
export function mapAliases(
  { aliases = {} }: UsersModel<Row>,
  row: Row,
  attempt: (field: string, map: () => void) => void,
  refuse: Refuse,
): Record<string, string> {
  const found: Record<string, string> = {};
  attempt('aliases', () => {
    const fields = typeof aliases === 'function' ? aliases(row) : aliases;
    for (const [label, field] of Object.entries(fields)) {
      attempt(`aliases.${label}`, () => {
        const value = typeof aliases === 'function' ? field : readField(field as string, row);
        if (value === null || value === undefined || value === '') return;
        const rule = ruleAgainst(label, value);
        if (rule !== null) refuse(`aliases.${label}`, rule);
        else if (Object.keys(found).length === MOST) refuse(`aliases.${label}`, `is one of ${MOST} at most`);
        else found[label] = asText(value);
      });
    }
  });
  return found;
}

function ruleAgainst(label: string, value: unknown): string | null {
  if (label === 'external_id' || label === 'onesignal_id')
    return 'is no alias of its own: externalId gives it';
  if (typeof value === 'object' || typeof value === 'function') return 'is text or a number';
  const text = asText(value);
  if (label.length > LONGEST || text.length > LONGEST) return `is at most ${LONGEST} characters long`;
  return CONTROL.test(text) || CONTROL.test(label) ? 'has no control characters' : null;
}
