import { setTimeout as pause } from 'node:timers/promises';
import { PUBLISHED } from './published.ts';

/** Clocks and timers are not exact. */
const MARGIN_MS = 15;
const MANY = 20_000;

/** One write a second for each user: the next one waits until the last one was answered that long ago. */
export class UserTurns {
  readonly #readyAt = new Map<string, number>();
  #waiting = 0;

  /** How many writes wait for their user's second to pass. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when this user may be written again, or when `signal` ends. */
  async turn(externalId: string, signal: AbortSignal): Promise<void> {
    const wait = (this.#readyAt.get(externalId) ?? 0) - Date.now();
    if (wait <= 0) return;
    this.#waiting += 1;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    this.#waiting -= 1;
  }

  answered(externalId: string): void {
    const now = Date.now();
    if (this.#readyAt.size > MANY) this.#forget(now);
    this.#readyAt.set(externalId, now + PUBLISHED.userIntervalMs + MARGIN_MS);
  }

  #forget(now: number): void {
    for (const [user, at] of this.#readyAt) if (at <= now) this.#readyAt.delete(user);
  }
}
