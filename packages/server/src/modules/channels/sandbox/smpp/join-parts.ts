import type { ReadText } from '../../sms/smpp/message-text.ts';

/** Texts whose parts have not all come; the oldest are let go. */
const MOST_INCOMPLETE = 10_000;

/** Puts the parts of long texts together, as a telephone does. */
export class PartJoiner {
  readonly #incomplete = new Map<string, string[]>();

  /** The whole text when this was its last missing part, otherwise null. `between` names sender and recipient. */
  join(between: string, { text, part }: ReadText): string | null {
    if (part === null) return text;
    const key = `${between} ${part.reference} ${part.total}`;
    const pieces = this.#incomplete.get(key) ?? [];
    pieces[part.number - 1] = text;
    if (Object.keys(pieces).length >= part.total) {
      this.#incomplete.delete(key);
      return pieces.join('');
    }
    this.#incomplete.set(key, pieces);
    const [oldest] = this.#incomplete.keys();
    if (this.#incomplete.size > MOST_INCOMPLETE && oldest !== undefined) this.#incomplete.delete(oldest);
    return null;
  }
}
