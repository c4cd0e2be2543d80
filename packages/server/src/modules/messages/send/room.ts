import type { Priority } from '../chunk.ts';
import type { Share } from '../claim-store.ts';

/** Recipients under way at once in one process, of each priority: what bounds its memory. */
const MOST_RECIPIENTS = 8_000;

/**
 * Who may have how many recipients under way. Small sends have room of their own, so a broadcast with a slow
 * provider cannot keep them waiting. An app may take as much as is free besides: alone half of all, and when
 * its provider hangs, there is as much left for the others as it holds itself.
 */
export class Room {
  readonly #most: number;
  readonly #shares = new Map<string, { readonly share: Share; taken: number }>();
  readonly #total: Record<Priority, number> = { small: 0, broadcast: 0 };

  constructor(most = MOST_RECIPIENTS) {
    this.#most = most;
  }

  take(share: Share, recipients: number): void {
    const held = this.#shares.get(keyOf(share));
    if (held === undefined) this.#shares.set(keyOf(share), { share, taken: recipients });
    else held.taken += recipients;
    this.#total[share.priority] += recipients;
  }

  leave(share: Share, recipients: number): void {
    const held = this.#shares.get(keyOf(share));
    if (held === undefined) return;
    held.taken -= recipients;
    this.#total[share.priority] -= recipients;
    if (held.taken <= 0) this.#shares.delete(keyOf(share));
  }

  /** Not above 0 when the app has to wait. */
  left(share: Share): number {
    return this.#free(share.priority) - this.#taken(share);
  }

  /** Whether the app has so much room that it is worth looking for more of its chunks. */
  isRoomy(share: Share): boolean {
    return this.#taken(share) * 2 <= this.#free(share.priority);
  }

  /** Who has to wait. */
  full(): Share[] {
    return [...this.#shares.values()].map(({ share }) => share).filter((share) => this.left(share) <= 0);
  }

  /** To try out what would fit. */
  copy(): Room {
    const copy = new Room(this.#most);
    for (const { share, taken } of this.#shares.values()) copy.take(share, taken);
    return copy;
  }

  #free(priority: Priority): number {
    return this.#most - this.#total[priority];
  }

  #taken(share: Share): number {
    return this.#shares.get(keyOf(share))?.taken ?? 0;
  }
}

export function keyOf({ priority, appId, channel }: Share): string {
  return `${priority} ${channel} ${appId}`;
}
