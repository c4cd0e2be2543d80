import { createHash } from 'node:crypto';

/** Our own name space, so that equal names of other programs give other ids. */
const NAME_SPACE = Buffer.from('6b1f0c5e9d7a4a53b0c2e1f47d3a9c86', 'hex');

/**
 * The same UUID for the same parts, always: version 3 (RFC 9562), because some destinations take
 * versions 3 and 4 only.
 */
export function nameId(...parts: readonly string[]): string {
  const bytes = createHash('md5').update(NAME_SPACE).update(parts.join('\u0000')).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x30;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
