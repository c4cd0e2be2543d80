import type { MappedUser } from '../model/map-user.ts';
import { addressName } from './user-body.ts';

/** Claims that are remembered: far more than can be under way. */
const MANY = 100_000;

/**
 * Who has an address, while it moves from one user to another: the one who had it turns off what it has
 * no more, and the one who has it now must not be turned off with it. A claim waits until such a
 * turning off has its answer, and after a claim of somebody else there is none.
 */
export class AddressClaims {
  readonly #claimedBy = new Map<string, string>();
  readonly #turningOff = new Map<string, Promise<unknown>>();

  /** These users are about to be written with their addresses. Resolves when nobody is turning those off. */
  async claim(users: readonly MappedUser[]): Promise<void> {
    const waits: Promise<unknown>[] = [];
    for (const { externalId, subscriptions } of users) {
      for (const address of subscriptions) {
        const name = addressName(address);
        this.#claimedBy.delete(name);
        this.#claimedBy.set(name, externalId);
        const turningOff = this.#turningOff.get(name);
        if (turningOff !== undefined) waits.push(turningOff);
      }
    }
    this.#forgetOldest();
    if (waits.length > 0) await Promise.allSettled(waits);
  }

  /** Turns an address of a user off, unless somebody else has claimed it: then null. */
  async turnOff<Value>(
    externalId: string,
    address: { readonly type: string; readonly token: string },
    work: () => Promise<Value>,
  ): Promise<Value | null> {
    const name = addressName(address);
    const owner = this.#claimedBy.get(name);
    if (owner !== undefined && owner !== externalId) return null;
    const running = work();
    this.#turningOff.set(name, running);
    try {
      return await running;
    } finally {
      if (this.#turningOff.get(name) === running) this.#turningOff.delete(name);
    }
  }

  #forgetOldest(): void {
    for (const name of this.#claimedBy.keys()) {
      if (this.#claimedBy.size <= MANY) return;
      this.#claimedBy.delete(name);
    }
  }
}
