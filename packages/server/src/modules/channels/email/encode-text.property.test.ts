import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText } from './encode-text.ts';
import type { EncodedText } from './encode-text.ts';

/** What RFC 2045 says of the way back. */
function decode({ encoding, body }: EncodedText): string {
  switch (encoding) {
    case '7bit':
      return body;
    case 'base64':
      return Buffer.from(body, 'base64').toString();
    case 'quoted-printable': {
      const joined = body.replaceAll('=\r\n', '');
      const bytes = joined.replace(/=([\dA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      return Buffer.from(bytes, 'latin1').toString();
    }
  }
}

const word = fc.oneof(
  fc.stringMatching(/^[ -~]{0,90}$/),
  fc.constantFrom('=', ' ', '\t', '\r', '\n', '\r\n', '.', '\u0000', 'Größe', '€', '茶'.repeat(30), '🫖'),
);
const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));

describe('encodeText', () => {
  it('gives back the same text with its lines ended by CRLF', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(decode(encodeText(written))).toBe(written.replace(/\r\n?|\n/g, '\r\n'));
      }),
    );
  });

  it('keeps to ASCII in lines of 76 characters, breaks no escape, and ends no line in a blank that a server may cut off', () => {
    fc.assert(
      fc.property(text, (written) => {
        const { encoding, body } = encodeText(written);
        for (const line of body.split('\r\n')) {
          expect(line).toMatch(/^[\t\x20-\x7e]{0,76}$/);
          if (encoding !== 'quoted-printable') continue;
          expect(line).toMatch(/^(?:=[\dA-F]{2}|[^=])*=?$/);
          expect(line).not.toMatch(/[ \t]$/);
        }
      }),
    );
  });
});

describe('the encoding', () => {
  it.each([
    ['7bit', 'Short lines\nof plain words'],
    ['quoted-printable', 'A long line, '.repeat(10)],
    ['quoted-printable', 'Grüße aus München und nach Köln'],
    ['base64', 'Зелёный чай с холмов у залива'],
  ])('is %s for "%s"', (encoding, written) => {
    expect(encodeText(written).encoding).toBe(encoding);
  });
});
