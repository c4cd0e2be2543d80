/**
 * The default alphabet of text messages: 128 characters of seven bits each (3GPP TS 23.038, section 6.2.1). A
 * character's place is its code.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** Characters that take an escape before their code, and so two places (section 6.2.1.1). */
const EXTENSION: Readonly<Record<number, string>> = {
  0x0a: '\f',
  0x14: '^',
  0x28: '{',
  0x29: '}',
  0x2f: '\\',
  0x3c: '[',
  0x3d: '~',
  0x3e: ']',
  0x40: '|',
  0x65: '€',
};

const ESCAPE = 0x1b;
/** What a code without a meaning is shown as. */
const UNKNOWN = ' ';

/** By UTF-16 code unit: the code, with `ESCAPE << 8` where an escape goes before it; -1: no such character. */
const codes = new Int16Array(0x10000).fill(-1);
for (const [code, character] of Array.from(BASIC).entries()) {
  if (code !== ESCAPE) codes[character.charCodeAt(0)] = code;
}
for (const [code, character] of Object.entries(EXTENSION)) {
  codes[character.charCodeAt(0)] = (ESCAPE << 8) | Number(code);
}

/** How many of the alphabet's places a UTF-16 code unit takes: 1 or 2; 0: the alphabet does not have it. */
export function septetsOf(codeUnit: number): 0 | 1 | 2 {
  const code = codes[codeUnit] ?? -1;
  if (code < 0) return 0;
  return code > 0x7f ? 2 : 1;
}

/** A text in the default alphabet, one code a byte, as SMPP carries it. Every character must be of the alphabet. */
export function writeGsm(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = codes[text.charCodeAt(at)] ?? -1;
    if (code > 0x7f) bytes[length++] = ESCAPE;
    bytes[length++] = code & 0x7f;
  }
  return bytes.subarray(0, length);
}

/** What was written in the default alphabet, one code a byte. Codes without a meaning become blanks. */
export function readGsm(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const code = bytes[at] ?? 0;
    if (code !== ESCAPE) {
      text += BASIC[code] ?? UNKNOWN;
      continue;
    }
    at += 1;
    // A telephone that does not know an extension shows the character without its escape.
    const escaped = bytes[at] ?? 0;
    text += EXTENSION[escaped] ?? BASIC[escaped] ?? UNKNOWN;
  }
  return text;
}
