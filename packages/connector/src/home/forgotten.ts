import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncDirectory } from './sync-directory.ts';
import { writeWhole } from './write-whole.ts';

interface Kept {
  readonly salt: string;
  readonly marks: readonly string[];
}

/**
 * Who asked to be forgotten: salted digests of external ids and keys. They say "not this one" to a
 * later pass, and do not tell who it is.
 */
export class Forgotten {
  readonly #path: string;
  readonly #salt: string;
  readonly #marks: Set<string>;

  private constructor(path: string, { salt, marks }: Kept) {
    this.#path = path;
    this.#salt = salt;
    this.#marks = new Set(marks);
  }

  static open(directory: string): Forgotten {
    const path = join(directory, 'forgotten.json');
    const kept = existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as Kept)
      : { salt: randomBytes(16).toString('hex'), marks: [] };
    return new Forgotten(path, kept);
  }

  get size(): number {
    return this.#marks.size;
  }

  has(what: 'externalId' | 'key', id: string): boolean {
    return this.#marks.size > 0 && this.#marks.has(this.#mark(what, id));
  }

  /** Returns when it is on the disk. */
  add(what: 'externalId' | 'key', id: string): void {
    this.#marks.add(this.#mark(what, id));
    writeWhole(this.#path, JSON.stringify({ salt: this.#salt, marks: [...this.#marks] } satisfies Kept));
    syncDirectory(dirname(this.#path));
  }

  #mark(what: 'externalId' | 'key', id: string): string {
    return createHmac('sha256', this.#salt).update(`${what}\u0000${id}`).digest('hex').slice(0, 32);
  }
}
