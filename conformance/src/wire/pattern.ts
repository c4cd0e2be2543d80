/** A named condition of one value. */
export class Check {
  readonly name: string;
  readonly #faults: (value: unknown, path: string) => string[];

  constructor(name: string, faults: (value: unknown, path: string) => string[]) {
    this.name = name;
    this.#faults = faults;
  }

  faults(value: unknown, path: string): string[] {
    return this.#faults(value, path);
  }
}

/**
 * What a JSON value must look like. An object names the members that matter, others may be there; an
 * array has exactly these entries; null, text, numbers and booleans are themselves.
 */
export type Pattern =
  | Check
  | RegExp
  | string
  | number
  | boolean
  | null
  | readonly Pattern[]
  | { readonly [member: string]: Pattern };

/** Everything about `value` that is not as `pattern` has it, each with its path. */
export function faultsOf(pattern: Pattern, value: unknown, path = 'body'): string[] {
  if (pattern instanceof Check) return pattern.faults(value, path);
  if (pattern instanceof RegExp) {
    return typeof value === 'string' && pattern.test(value)
      ? []
      : [`${path} is ${show(value)}, not ${pattern}`];
  }
  if (pattern === null || typeof pattern !== 'object') {
    return value === pattern ? [] : [`${path} is ${show(value)}, not ${show(pattern)}`];
  }
  if (isList(pattern)) {
    if (!Array.isArray(value)) return [`${path} is ${show(value)}, not a list`];
    if (value.length !== pattern.length) {
      return [`${path} has ${value.length} entries, not ${pattern.length}: ${show(value)}`];
    }
    return pattern.flatMap((entry, index) => faultsOf(entry, value[index], `${path}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [`${path} is ${show(value)}, not an object`];
  }
  const members = value as Record<string, unknown>;
  return Object.entries(pattern).flatMap(([name, inner]) =>
    faultsOf(inner, members[name], `${path}.${name}`),
  );
}

/** A value as a failure tells it, cut where it gets long. */
export function show(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function isList(pattern: Pattern): pattern is readonly Pattern[] {
  return Array.isArray(pattern);
}
