/** At most so many texts, none longer than so many characters: four megabytes. */
const MOST = 500;
const LONGEST = 4_000;

/** Texts whose Liquid was read and is right, the latest of them. */
export class FaultlessTexts {
  readonly #known = new Set<string>();

  has(source: string, mayLoop: boolean): boolean {
    return this.#known.has(nameOf(source, mayLoop));
  }

  add(source: string, mayLoop: boolean): void {
    if (source.length > LONGEST) return;
    this.#known.add(nameOf(source, mayLoop));
    if (this.#known.size <= MOST) return;
    const oldest = this.#known.values().next();
    if (!oldest.done) this.#known.delete(oldest.value);
  }
}

/** A text may be right in an email and not in a push message, where loops are refused. */
function nameOf(source: string, mayLoop: boolean): string {
  return mayLoop ? `loops ${source}` : `none ${source}`;
}
