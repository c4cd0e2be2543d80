import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Logger } from '../../platform/log.ts';
import type { OwnedLanes } from './lane-worker.ts';
import { ownershipStore } from './ownership-store.ts';
import type { LaneState } from './plan-ownership.ts';
import { planOwnership } from './plan-ownership.ts';

export interface LaneOwnershipOptions {
  readonly database: Database;
  readonly hints: Hints;
  readonly owner: string;
  readonly advisoryKey: number;
  /** How long lanes stay ours when we cannot be heard, in milliseconds. */
  readonly leaseMs: number;
  /** Time between two looks at the peers, in milliseconds. The lease is renewed three times in its length. */
  readonly lookMs: number;
  readonly log: Logger;
  /** Called with each change; resolves when no batch that began before the change is under way. */
  readonly onChange: (owned: OwnedLanes) => Promise<void>;
}

/**
 * Keeps this process's lease, takes lanes that are free or whose owner is dead, and gives lanes back
 * when others are there to share them. All of it in real time: this is between machines.
 */
export class LaneOwnership {
  readonly #options: LaneOwnershipOptions;
  #owned: OwnedLanes;
  #renewAt = 0;
  #alive = '';
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #lookAgain = false;
  #ended = false;

  constructor(options: LaneOwnershipOptions) {
    this.#options = options;
    this.#owned = { owner: options.owner, lanes: new Map() };
  }

  get owned(): OwnedLanes {
    return this.#owned;
  }

  /** Resolves after the first look: free lanes are owned then. */
  async start(): Promise<void> {
    this.#looking = this.#look();
    await this.#looking;
    this.#options.hints.give('owners');
    this.#arm();
  }

  /** Look now: something has changed, or the fence refused a batch. */
  lookNow(): void {
    this.#renewAt = 0;
    this.#lookAgain = true;
    if (!this.#ended) this.#arm(0);
  }

  /** Gives everything back, so that peers need not wait for a lease to run out. */
  async stop(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#looking;
    const { database, hints, owner } = this.#options;
    const lanes = [...this.#owned.lanes].map(([lane, epoch]) => ({ lane, epoch, owner }));
    await this.#change([]);
    await ownershipStore.release(database, owner, lanes);
    await ownershipStore.forget(database, [owner]);
    hints.give('owners');
  }

  #arm(delay = this.#options.lookMs): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#looking = this.#looking.then(() => this.#lookSafely());
    }, delay);
    this.#timer.unref();
  }

  async #lookSafely(): Promise<void> {
    if (this.#ended) return;
    this.#lookAgain = false;
    try {
      await this.#look();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'lanes: could not look after ownership');
    }
    if (!this.#ended) this.#arm(this.#lookAgain ? 0 : this.#options.lookMs);
  }

  async #look(): Promise<void> {
    const { database, owner, advisoryKey, leaseMs } = this.#options;
    const now = performance.now();
    const renewing = now >= this.#renewAt;
    // Alone, there is nobody to look at between two renewals.
    if (!renewing && this.#alive === owner) return;
    if (renewing) {
      await ownershipStore.renewLease(database, owner, advisoryKey, leaseMs);
      this.#renewAt = now + leaseMs / 3 - this.#options.lookMs / 2;
    }
    const peers = await ownershipStore.readPeers(database, owner);
    const alive = [owner, ...peers.filter((peer) => peer.leased && !peer.gone).map((peer) => peer.owner)];
    const known = alive.toSorted().join();
    if (!renewing && known === this.#alive) return;
    this.#alive = known;
    await this.#settle(alive);
    const dead = peers.filter((peer) => !alive.includes(peer.owner)).map((peer) => peer.owner);
    if (dead.length > 0) await ownershipStore.forget(database, dead);
  }

  async #settle(alive: readonly string[]): Promise<void> {
    const { database, hints, owner, log } = this.#options;
    const plan = planOwnership(owner, alive, await ownershipStore.readLanes(database));
    if (plan.release.length > 0) {
      const kept = plan.mine.filter((lane) => !plan.release.includes(lane));
      await this.#change(kept);
      await ownershipStore.release(database, owner, plan.release);
      hints.give('owners');
      log.info({ released: plan.release.length, kept: kept.length }, 'lanes: shared with another process');
      return;
    }
    const taken = plan.take.length > 0 ? await ownershipStore.take(database, owner, plan.take) : [];
    if (taken.length > 0) log.info({ taken: taken.length, before: plan.mine.length }, 'lanes: taken');
    await this.#change([...plan.mine, ...taken]);
    // Somebody was quicker, or has yet to give back: look again at the next tick.
    if (taken.length < plan.take.length) this.#alive = '';
  }

  async #change(lanes: readonly LaneState[]): Promise<void> {
    const before = this.#owned.lanes;
    const sorted = lanes.toSorted((a, b) => a.lane - b.lane);
    if (sorted.length === before.size && sorted.every(({ lane, epoch }) => before.get(lane) === epoch))
      return;
    const next = new Map(sorted.map(({ lane, epoch }) => [lane, epoch]));
    this.#owned = { owner: this.#options.owner, lanes: next };
    await this.#options.onChange(this.#owned);
  }
}
