/** The rendering process's memory of programs, kept here: which keys it has, and which it is told to forget. */
export class ProcessKeys {
  readonly #most: number;
  readonly #known = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Notes that `key` is used: whether it is new to the process, and what makes room for it. */
  use(key: string): { readonly isNew: boolean; readonly forget: string[] } {
    const isNew = !this.#known.delete(key);
    this.#known.add(key);
    if (this.#known.size <= this.#most) return { isNew, forget: [] };
    const [oldest] = this.#known;
    if (oldest === undefined) return { isNew, forget: [] };
    this.#known.delete(oldest);
    return { isNew, forget: [oldest] };
  }
}
