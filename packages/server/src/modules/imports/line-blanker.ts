/** Lines of a file, from the first to the last one. They count from 1. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/**
 * Puts spaces in place of lines, piece by piece of a file: an empty line is no row, and no byte changes its place.
 * Ranges come in their order and share no line.
 */
export class LineBlanker {
  readonly #ranges: readonly LineRange[];
  #next = 0;
  #line = 1;

  constructor(ranges: readonly LineRange[]) {
    this.#ranges = ranges;
  }

  /** Whether no further piece has such a line. */
  get isDone(): boolean {
    return this.#next >= this.#ranges.length;
  }

  /** The piece with its lines blanked, or null when it has none of them. */
  blank(piece: Buffer): Buffer | null {
    let blanked: Buffer | null = null;
    for (let at = 0; at < piece.length && !this.isDone;) {
      const newline = piece.indexOf(NEWLINE, at);
      const end = newline === -1 ? piece.length : newline;
      if (end > at && this.#isMeant()) {
        blanked ??= Buffer.from(piece);
        for (let n = at; n < end; n += 1) if (blanked[n] !== RETURN) blanked[n] = SPACE;
      }
      if (newline !== -1) this.#step();
      at = end + 1;
    }
    return blanked;
  }

  #isMeant(): boolean {
    const range = this.#ranges[this.#next];
    return range !== undefined && this.#line >= range.first;
  }

  #step(): void {
    const range = this.#ranges[this.#next];
    if (range !== undefined && this.#line >= range.last) this.#next += 1;
    this.#line += 1;
  }
}
