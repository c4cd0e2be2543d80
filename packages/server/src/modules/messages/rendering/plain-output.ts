/**
 * A tag that only shows a value, perhaps with a text for when it is missing: `{{ first_name }}`,
 * `{{ user.tags.city | default: "town" }}`. Most tags of most messages are of this kind, and need no
 * interpreter: 0.2 us instead of 2 to 3.
 */
export interface PlainOutput {
  readonly path: readonly string[];
  /** What a missing or empty value shows. */
  readonly otherwise: string;
}

const PLAIN = /^\s*([a-z_]\w*(?:\.[a-z_]\w*)*)\s*(?:\|\s*default\s*:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?$/i;

/** Words that are values, and properties that are computed. */
const NOT_NAMES = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank', 'size', 'first', 'last']);

/** `source` is what stands between the braces. Null for all that is not plain. */
export function plainOutput(source: string): PlainOutput | null {
  const [, path, double, single] = PLAIN.exec(source) ?? [];
  if (path === undefined) return null;
  const names = path.split('.');
  return names.some((name) => NOT_NAMES.has(name))
    ? null
    : { path: names, otherwise: double ?? single ?? '' };
}

/** The text of a plain output, or undefined when Liquid must say: the value is neither a text nor a number. */
export function readPlain({ path, otherwise }: PlainOutput, scope: object): string | undefined {
  let value: unknown = scope;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // Only what an object has of its own, as everywhere in templates.
    if (!Object.hasOwn(value, name)) return otherwise;
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value === 'string') return value === '' ? otherwise : value;
  if (typeof value === 'number') return String(value);
  return value === undefined || value === null ? otherwise : undefined;
}
