import { Check, faultsOf, show } from './pattern.ts';
import type { Pattern } from './pattern.ts';

function that(name: string, holds: (value: unknown) => boolean): Check {
  return new Check(name, (value, path) => (holds(value) ? [] : [`${path} is ${show(value)}, not ${name}`]));
}

const matches = (form: RegExp) => (value: unknown) => typeof value === 'string' && form.test(value);

export const text = that('text', (value) => typeof value === 'string');
export const integer = that('an integer', (value) => Number.isInteger(value));
export const number = that('a number', (value) => typeof value === 'number');
export const boolean = that('true or false', (value) => typeof value === 'boolean');
export const uuid = that(
  'a UUID in lower case',
  matches(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/),
);
export const isoTime = that(
  'an ISO 8601 time',
  matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
);
/** Between 2001 and 2096, so that milliseconds do not pass. */
export const unixSeconds = that(
  'a time in Unix seconds',
  (value) => Number.isInteger(value) && (value as number) > 1e9 && (value as number) < 4e9,
);
export const absent = that('absent', (value) => value === undefined);

/** For members that typed clients cannot decode as null. */
export const textOrAbsent = that(
  'text or absent',
  (value) => value === undefined || typeof value === 'string',
);

/** For enumerations that typed clients refuse to decode in any other spelling. */
export function oneOf(...values: readonly string[]): Check {
  return that(`one of ${values.join(', ')}`, (value) => values.includes(value as string));
}

export function nullOr(pattern: Pattern): Check {
  return new Check('null or more', (value, path) => (value === null ? [] : faultsOf(pattern, value, path)));
}

export function optional(pattern: Pattern): Check {
  return new Check('absent or more', (value, path) =>
    value === undefined || value === null ? [] : faultsOf(pattern, value, path),
  );
}

export function each(pattern: Pattern): Check {
  return new Check('a list', (value, path) =>
    Array.isArray(value)
      ? value.flatMap((entry, index) => faultsOf(pattern, entry, `${path}[${index}]`))
      : [`${path} is ${show(value)}, not a list`],
  );
}

/** A list with at least one entry like this. */
export function holding(pattern: Pattern): Check {
  return new Check('a list that holds it', (value, path) => {
    if (!Array.isArray(value)) return [`${path} is ${show(value)}, not a list`];
    const isThere = value.some((entry) => faultsOf(pattern, entry).length === 0);
    return isThere ? [] : [`${path} does not hold ${show(pattern)}: ${show(value)}`];
  });
}

/** A list with no entry like this. */
export function without(pattern: Pattern): Check {
  return new Check('a list without it', (value, path) =>
    Array.isArray(value)
      ? value.flatMap((entry, index) =>
          faultsOf(pattern, entry).length === 0
            ? [`${path}[${index}] should not be there: ${show(entry)}`]
            : [],
        )
      : [`${path} is ${show(value)}, not a list`],
  );
}

/** An object of text, such as tags or an identity. */
export const texts = new Check('an object of text', (value, path) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, inner]) => faultsOf(text, inner, `${path}.${name}`))
    : [`${path} is ${show(value)}, not an object`],
);

/** These members and no others. */
export function exactly(pattern: { readonly [member: string]: Pattern }): Check {
  return new Check('exactly this object', (value, path) => [
    ...faultsOf(pattern, value, path),
    ...Object.keys((value as object | null) ?? {})
      .filter((name) => !Object.hasOwn(pattern, name))
      .map((name) => `${path}.${name} should not be there`),
  ]);
}
