import { ApiError } from '../../platform/http/api-error.ts';
import { isStorable } from '../../platform/http/storable-text.ts';

/** Enough of a value to know it again. */
const LONGEST_TOLD = 64;

/** A refusal of one field: `"<field> <rule>"`, and what was given instead, where that helps. */
export function refuse(field: string, rule: string, given?: unknown): never {
  const told = given === undefined ? '' : `. Given: ${tell(given)}`;
  throw new ApiError('request-invalid', { params: { field, rule: rule + told } });
}

function tell(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
}

// In keys and addresses they are always a mistake.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;
/** Text that names something: no control characters. Returns it unchanged. */
export function checkName(field: string, text: string, longest: number): string {
  if (text.length === 0) refuse(field, 'must not be empty');
  if (CONTROL.test(text)) refuse(field, 'must not contain control characters', text);
  return checkText(field, text, longest);
}

/** Text that someone wrote: any characters that can be stored. Returns it unchanged. */
export function checkText(field: string, text: string, longest: number): string {
  if (text.length > longest) refuse(field, `must be at most ${longest} characters long`, text);
  if (!isStorable(text)) refuse(field, 'must not contain NUL or half of a surrogate pair');
  return text;
}
