/**
 * One key and its hash in a file of what was seen: the key's length (2 bytes, big-endian), the key in
 * UTF-8, 8 bytes of hash.
 */
export const HEAD = 2;
export const HASH = 8;
export const LONGEST_KEY = 0xffff;

/** An entry within a buffer that holds many. */
export interface Place {
  readonly bytes: Buffer;
  readonly start: number;
}

export function keyLength({ bytes, start }: Place): number {
  return bytes.readUInt16BE(start);
}

export function entryLength(place: Place): number {
  return HEAD + keyLength(place) + HASH;
}

export function keyOf(place: Place): string {
  const from = place.start + HEAD;
  return place.bytes.toString('utf8', from, from + keyLength(place));
}

/**
 * Shorter keys first, then by bytes: whole numbers from zero on come in their order, as databases
 * give them. Any order would do that is the same everywhere; a collation is not.
 */
export function compareKeys(a: Place, b: Place): number {
  const length = keyLength(a);
  const difference = length - keyLength(b);
  if (difference !== 0) return difference;
  const from = a.start + HEAD;
  const other = b.start + HEAD;
  return a.bytes.compare(b.bytes, other, other + length, from, from + length);
}

/** Of two entries of equal keys. */
export function compareHashes(a: Place, b: Place): number {
  const length = keyLength(a);
  const from = a.start + HEAD + length;
  const other = b.start + HEAD + length;
  return a.bytes.compare(b.bytes, other, other + HASH, from, from + HASH);
}
