import { hash } from 'node:crypto';

/** JSON with the keys of objects in order: equal values give equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The first `digits` hexadecimal digits of the SHA-256 of a text. */
export function digest(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}
