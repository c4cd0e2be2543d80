/** A text made fit for SMTP: ASCII in lines of at most 76 characters. */
export interface EncodedText {
  /** The Content-Transfer-Encoding. */
  readonly encoding: '7bit' | 'quoted-printable' | 'base64';
  readonly body: string;
}

const LINE = 76;
const NEEDS_ENCODING = /[^\t\r\n\x20-\x7e]|[^\r\n]{77}/;
const LONG_LINE = /[^\r\n]{77,}/g;
const NOT_ASCII = /[^\t\r\n\x20-\x7e]+/g;
const ENDS_IN_BLANK = /[ \t](?=\r\n|$)/g;
const LINE_END = /\r\n?|\n/g;

/**
 * Encodes a text of a mail (RFC 2045, section 6): as it is where that will do, quoted-printable where
 * most of it can be read that way, base64 for the rest. Line ends become CRLF. Whole texts go through
 * a few regular expressions, which is several times cheaper than going through them byte by byte.
 */
export function encodeText(text: string): EncodedText {
  const lines = text.replace(LINE_END, '\r\n');
  if (!NEEDS_ENCODING.test(lines)) return { encoding: '7bit', body: lines };
  return isMostlyAscii(lines)
    ? { encoding: 'quoted-printable', body: quotedPrintable(lines) }
    : { encoding: 'base64', body: base64(lines) };
}

/** Other letters take two bytes or more. */
function isMostlyAscii(text: string): boolean {
  return Buffer.byteLength(text) <= text.length * 1.25;
}

function quotedPrintable(lines: string): string {
  return lines
    .replaceAll('=', '=3D')
    .replace(NOT_ASCII, hexOf)
    .replace(ENDS_IN_BLANK, (blank) => (blank === ' ' ? '=20' : '=09'))
    .replace(LONG_LINE, breakLine);
}

function hexOf(letters: string): string {
  return Buffer.from(letters).toString('hex').toUpperCase().replace(/../g, '=$&');
}

/** Soft line breaks, never inside an escape. */
function breakLine(line: string): string {
  let broken = '';
  let from = 0;
  while (line.length - from > LINE) {
    let to = from + LINE - 1;
    if (line[to - 1] === '=') to -= 1;
    else if (line[to - 2] === '=') to -= 2;
    broken += `${line.slice(from, to)}=\r\n`;
    from = to;
  }
  return broken + line.slice(from);
}

function base64(lines: string): string {
  return encodeBase64(Buffer.from(lines));
}

/** Base64 in lines of 76 characters. */
export function encodeBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');
}
