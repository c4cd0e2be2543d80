import { ConfigInvalid } from '../config/config-invalid.ts';

/** A time that somebody wrote, in milliseconds since the epoch. */
export function readTime(option: string, text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) {
    throw new ConfigInvalid(option, `is a time such as 2026-11-26T14:00:00Z; it is "${text}"`);
  }
  return at;
}
