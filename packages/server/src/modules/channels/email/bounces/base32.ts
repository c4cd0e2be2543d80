const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BITS = 5;

/** RFC 4648 in small letters and without padding: mail servers do not all keep the case of an address. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let [left, bits] = [0, 0];
  for (const byte of bytes) {
    left = (left << 8) | byte;
    bits += 8;
    while (bits >= BITS) {
      bits -= BITS;
      text += ALPHABET[(left >> bits) & 31];
      left &= (1 << bits) - 1;
    }
  }
  return bits === 0 ? text : text + ALPHABET[(left << (BITS - bits)) & 31];
}

/** The bytes of a text in any case; null when it has another letter. Bits that fill no byte are left away. */
export function fromBase32(text: string): Buffer | null {
  const bytes: number[] = [];
  let [left, bits] = [0, 0];
  for (const letter of text.toLowerCase()) {
    const value = ALPHABET.indexOf(letter);
    if (value === -1) return null;
    left = (left << BITS) | value;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(left >> bits);
    left &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
