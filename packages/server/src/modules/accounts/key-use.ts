import type { Clock, Timer } from '../../platform/clock.ts';

/** When and from where a key last opened something. */
export interface LastUse {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly ip: string;
}

/** Between two writes, of all keys together. */
const SPACING_MS = 60_000;
/** The first write after a pause waits for the others that come with it. */
const GATHER_MS = 1_000;

export interface KeyUseOptions {
  readonly clock: Clock;
  /** Writes the last use of each key, in one statement. */
  readonly write: (uses: ReadonlyMap<string, LastUse>) => Promise<void>;
  /** Called when a write fails. What it was to write waits for the next one. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * The last use of keys, kept in memory and written about once a minute: a request costs no write. A
 * process that is killed forgets the last minute.
 */
export class KeyUse {
  readonly #options: KeyUseOptions;
  readonly #unwritten = new Map<string, LastUse>();
  #timer: Timer | null = null;
  #nextWriteAt = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KeyUseOptions) {
    this.#options = options;
  }

  note(keyId: string, ip: string): void {
    const at = this.#options.clock.now();
    this.#unwritten.set(keyId, { at, ip });
    this.#writeAt(Math.max(this.#nextWriteAt, at + GATHER_MS));
  }

  /** What this process knows of a key and has not written yet. */
  unwritten(keyId: string): LastUse | null {
    return this.#unwritten.get(keyId) ?? null;
  }

  /** Writes what is not written yet. Never throws. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    this.#nextWriteAt = this.#options.clock.now() + SPACING_MS;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #writeAt(at: number): void {
    this.#timer ??= this.#options.clock.at(at, () => void this.flush());
  }

  async #write(): Promise<void> {
    const uses = new Map(this.#unwritten);
    if (uses.size === 0) return;
    try {
      await this.#options.write(uses);
    } catch (error) {
      this.#options.onFailure(error);
      this.#writeAt(this.#nextWriteAt);
      return;
    }
    for (const [keyId, use] of uses) {
      // Unless it was used again while this was written.
      if (this.#unwritten.get(keyId) === use) this.#unwritten.delete(keyId);
    }
  }
}
