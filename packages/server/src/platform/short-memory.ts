import type { Clock } from './clock.ts';

interface Entry<Value> {
  readonly value: Promise<Value | null>;
  readonly until: number;
}

/**
 * Remembers what was loaded, for a short life. Concurrent callers share one load. What was not found
 * and what failed is not remembered: a thing just made is seen by the next call.
 */
export class ShortMemory<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #most: number;
  readonly #load: (key: string) => Promise<Value | null>;

  constructor(
    clock: Clock,
    { lifeMs, most }: { lifeMs: number; most: number },
    load: (key: string) => Promise<Value | null>,
  ) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.#most = most;
    this.#load = load;
  }

  get(key: string): Promise<Value | null> {
    const known = this.#entries.get(key);
    if (known !== undefined && known.until > this.#clock.now()) return known.value;
    const value = this.#load(key);
    const entry = { value, until: this.#clock.now() + this.#lifeMs };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#dropOldest();
    const drop = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    value.then((found) => (found === null ? drop() : undefined), drop);
    return value;
  }

  /** Loads again at the next call. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #dropOldest(): void {
    if (this.#entries.size <= this.#most) return;
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}
