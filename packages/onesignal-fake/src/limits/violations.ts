/** What a caller did that the published contract forbids. */
export type ViolationKind =
  | 'rate'
  | 'early'
  | 'user-rate'
  | 'properties-per-request'
  | 'tags-per-user'
  | 'event-size'
  | 'batch-size'
  | 'event-name'
  | 'subscriptions-per-user'
  | 'aliases-per-user'
  | 'recipients-per-request'
  | 'idempotency-key'
  | 'no-such-route'
  | 'body';

export interface Violation {
  readonly kind: ViolationKind;
  /** Who made it: the caller's `User-Agent`, or its SDK header. */
  readonly who: string;
  /** Where: method and route. */
  readonly where: string;
  /** The latest one, in words. */
  readonly detail: string;
  readonly count: number;
}

/** Every violation by kind, caller and route: counted, so that a storm does not fill the memory. */
export class Violations {
  readonly #found = new Map<string, Violation>();

  add(kind: ViolationKind, who: string, where: string, detail: string): void {
    const key = `${kind}\u0000${who}\u0000${where}`;
    const count = (this.#found.get(key)?.count ?? 0) + 1;
    this.#found.set(key, { kind, who, where, detail, count });
  }

  list(): readonly Violation[] {
    return [...this.#found.values()];
  }

  clear(): void {
    this.#found.clear();
  }
}
