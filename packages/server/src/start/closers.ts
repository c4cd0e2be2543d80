/**
 * What has been started, so that it can be ended in the opposite order: on shutdown, and when a
 * later part fails to start.
 */
export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => Promise<unknown> }[] = [];

  add(name: string, close: () => Promise<unknown>): void {
    this.#closers.push({ name, close });
  }

  /** Ends everything, the last started first. One that fails is told to `failed`, and the rest still end. */
  async closeAll(failed: (name: string, error: unknown) => void): Promise<void> {
    for (let next = this.#closers.pop(); next !== undefined; next = this.#closers.pop()) {
      try {
        await next.close();
      } catch (error) {
        failed(next.name, error);
      }
    }
  }
}
