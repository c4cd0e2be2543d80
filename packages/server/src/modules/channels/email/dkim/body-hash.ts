import { createHash } from 'node:crypto';

/**
 * SHA-256 of a body in the canonical form `relaxed` (RFC 6376, section 3.4.4), in base64: blanks in a row count as
 * one, those at the end of a line and empty lines at the end of the body not at all.
 */
export class BodyHash {
  readonly #hash = createHash('sha256');
  /** White space whose fate what follows decides. */
  #held = '';
  #isEmpty = true;

  /** The next piece of the body. A piece may end anywhere, in the middle of a line end too. */
  add(piece: Buffer): void {
    const text = this.#held + piece.toString('latin1');
    const end = endOfWords(text);
    this.#held = text.slice(end);
    if (end === 0) return;
    this.#isEmpty = false;
    this.#hash.update(relax(text.slice(0, end)), 'latin1');
  }

  digest(): string {
    // An empty body stays empty; any other ends with one line end.
    if (!this.#isEmpty) this.#hash.update('\r\n');
    return this.#hash.digest('base64');
  }
}

/** No regular expression: from the end, one takes the square of a long row of blanks. */
function endOfWords(text: string): number {
  let end = text.length;
  while (end > 0 && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return end;
}

function relax(text: string): string {
  return text.replace(/[ \t]+/g, ' ').replaceAll(' \r\n', '\r\n');
}
