interface Kept<Value> {
  readonly value: Value;
  readonly at: number;
}

/** Idempotency keys with what was answered, for as long as they are remembered. */
export class Keys<Value> {
  readonly #lifeMs: number;
  readonly #kept = new Map<string, Kept<Value>>();

  constructor(lifeMs: number) {
    this.#lifeMs = lifeMs;
  }

  get(key: string, now: number): Value | undefined {
    const kept = this.#kept.get(key);
    return kept !== undefined && now - kept.at < this.#lifeMs ? kept.value : undefined;
  }

  set(key: string, value: Value, now: number): void {
    this.#kept.set(key, { value, at: now });
  }
}
