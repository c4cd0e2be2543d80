import { hash } from 'node:crypto';

/**
 * JSON with the keys of objects in order: equal values give equal text. Of plain data; what has no place in
 * JSON is left out of objects, and null in lists.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const part = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(part).sort()) {
    const of = part[name];
    if (of === undefined || typeof of === 'function' || typeof of === 'symbol') continue;
    text += `${text === '' ? '' : ','}${quoted(name)}:${canonical(of)}`;
  }
  return `{${text}}`;
}

/** Nothing in it that JSON writes otherwise. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The first `digits` hexadecimal digits of the SHA-256 of a text. */
export function digest(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}
