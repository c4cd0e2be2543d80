/** NUL and halves of surrogate pairs: JSON can spell them, PostgreSQL's text cannot hold them. */
// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /[\u0000\p{Surrogate}]/u;

/** What those look like while still escaped. Pairs of surrogates are fine but must be looked at. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

/**
 * The JSON path of the first text in `value` that cannot be stored, or null. `json` is the text that
 * `value` was parsed from: almost always it rules the question out at once.
 */
export function findUnstorable(json: string, value: unknown): string | null {
  return SUSPECT.test(json) ? walk(value, '') : null;
}

/** The same question for one string. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** The text without what cannot be stored: for what other machines say. */
export function makeStorable(text: string): string {
  if (isStorable(text)) return text;
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

function walk(value: unknown, path: string): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    if (!isStorable(name)) return path;
    const step = Array.isArray(value) ? `[${name}]` : `${path === '' ? '' : '.'}${name}`;
    const found = walk(member, path + step);
    if (found !== null) return found;
  }
  return null;
}
