import type { Priority } from '../chunk.ts';

/**
 * Recipients under way at once in one process: what bounds its memory. Small sends have room of their
 * own, so a broadcast with a slow provider cannot keep them waiting.
 */
const MOST_RECIPIENTS: Readonly<Record<Priority, number>> = { small: 4_000, broadcast: 4_000 };

export class Room {
  readonly #taken: Record<Priority, number> = { small: 0, broadcast: 0 };

  take(priority: Priority, recipients: number): void {
    this.#taken[priority] += recipients;
  }

  leave(priority: Priority, recipients: number): void {
    this.#taken[priority] -= recipients;
  }

  /** Not above 0 when it is full. */
  left(priority: Priority): number {
    return MOST_RECIPIENTS[priority] - this.#taken[priority];
  }

  isHalfEmpty(priority: Priority): boolean {
    return this.#taken[priority] <= MOST_RECIPIENTS[priority] / 2;
  }
}
