import { isUtf8 } from 'node:buffer';

/** One line of a request that is not empty. Numbers count from 1, empty lines too, as an editor does. */
export type Line =
  | { readonly kind: 'text'; readonly number: number; readonly text: string }
  | { readonly kind: 'too-long' | 'not-utf8'; readonly number: number };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Cuts bytes into lines, which may end in LF or CRLF, wherever the pieces end: never inside a character. */
export class LineSplitter {
  readonly #from: number;
  readonly #longest: number;
  #number = 0;
  /** The beginning of a line that goes on in the next piece; empty once it is too long to be kept. */
  #begun: Buffer[] = [];
  #begunBytes = 0;

  /** Lines before `from` are skipped; those of more than `longest` bytes are not kept. */
  constructor({ from, longest }: { readonly from: number; readonly longest: number }) {
    this.#from = from;
    this.#longest = longest;
  }

  /** The number of the line that is being read. */
  get number(): number {
    return this.#number + 1;
  }

  /** The lines that end in this piece. */
  push(piece: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      this.#finish(piece.subarray(start, end), lines);
      start = end + 1;
    }
    if (start < piece.length) this.#keep(piece.subarray(start));
    return lines;
  }

  /** The last line, when nothing ended it. */
  end(): Line[] {
    const lines: Line[] = [];
    if (this.#begunBytes > 0) this.#finish(Buffer.alloc(0), lines);
    return lines;
  }

  #keep(part: Buffer): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes > this.#longest || this.#number + 1 < this.#from) this.#begun = [];
    else this.#begun.push(part);
  }

  #finish(last: Buffer, lines: Line[]): void {
    this.#number += 1;
    const bytes = this.#begunBytes + last.length;
    if (this.#number >= this.#from) {
      const line = bytes > this.#longest ? this.#refusal('too-long') : this.#read(last);
      if (line !== null) lines.push(line);
    }
    this.#begun = [];
    this.#begunBytes = 0;
  }

  #read(last: Buffer): Line | null {
    let bytes = this.#begun.length === 0 ? last : Buffer.concat([...this.#begun, last]);
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    if (this.#number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) bytes = bytes.subarray(3);
    if (!isUtf8(bytes)) return this.#refusal('not-utf8');
    const text = bytes.toString('utf8');
    return text.trim() === '' ? null : { kind: 'text', number: this.#number, text };
  }

  #refusal(kind: 'too-long' | 'not-utf8'): Line {
    return { kind, number: this.#number };
  }
}
