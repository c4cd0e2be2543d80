import { createHash } from 'node:crypto';
import type { Row } from '../config/fields.ts';
import { asText } from '../model/as-text.ts';

/** 64 bits over names and values, each with its type: null is not the empty text, and absent is null. */
export function rowHash(row: Row): string {
  const hash = createHash('md5');
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined) continue;
    hash.update(`\u0000${name}\u0000${value instanceof Date ? 'time' : typeof value}\u0000`);
    hash.update(value instanceof Uint8Array ? value : asText(value));
  }
  return hash.digest('hex').slice(0, 16);
}
