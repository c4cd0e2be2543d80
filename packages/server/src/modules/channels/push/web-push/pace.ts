/** So long other work waits for ours. */
const LONGEST_MS = 5;

/** Work that keeps the thread busy gives way to others again and again. */
export class Pace {
  #since = performance.now();
  #break: Promise<void> | null = null;

  /** To be awaited before each piece of work. */
  async turn(): Promise<void> {
    // Those who waited for the same break look again: one of them may have used the time up.
    while (this.#break !== null || performance.now() - this.#since > LONGEST_MS) {
      this.#break ??= new Promise((resolve) => {
        setImmediate(() => {
          this.#break = null;
          this.#since = performance.now();
          resolve();
        });
      });
      await this.#break;
    }
  }
}
