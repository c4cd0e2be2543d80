import { setTimeout as pause } from 'node:timers/promises';
import type { Child } from '@carillon/test-kit';

/** When a process was killed, or frozen and thawed again: by the machine's clock, in milliseconds since the epoch. */
export interface Trouble {
  readonly from: number;
  readonly to: number;
}

/** Processes that send, killed and frozen at random; each that is killed is started again at once. */
export class Fleet {
  readonly #start: () => Child;
  readonly #frozenMs: number;
  readonly #all = new Set<Child>();
  readonly #well: Child[] = [];
  readonly #recoveries: Promise<void>[] = [];
  readonly troubles: Trouble[] = [];
  kills = 0;
  freezes = 0;

  /** `frozenMs`: longer than a lease, so that others go on with what a frozen one has in its hands. */
  constructor(start: () => Child, frozenMs: number) {
    this.#start = start;
    this.#frozenMs = frozenMs;
  }

  /** One that cannot start, because its connections are cut then, is started again. */
  async add(): Promise<void> {
    for (;;) {
      const child = this.#start();
      this.#all.add(child);
      const said = await child.message().catch(() => null);
      if (said !== null) return void this.#well.push(child);
      this.#all.delete(child);
      await child.kill();
    }
  }

  async attack(kills: number, durationMs: number): Promise<void> {
    while (this.kills + this.freezes < kills) {
      await pause((durationMs / kills) * 2 * Math.random());
      const [victim] = this.#well.splice(Math.floor(Math.random() * this.#well.length), 1);
      if (victim === undefined) continue;
      this.#recoveries.push(
        (this.kills + this.freezes) % 3 === 1 ? this.#freeze(victim) : this.#kill(victim),
      );
    }
    await Promise.all(this.#recoveries);
  }

  async #kill(victim: Child): Promise<void> {
    this.kills += 1;
    const from = Date.now();
    await victim.kill();
    this.troubles.push({ from, to: Date.now() });
    this.#all.delete(victim);
    await this.add();
  }

  async #freeze(victim: Child): Promise<void> {
    this.freezes += 1;
    const from = Date.now();
    victim.freeze();
    await pause(this.#frozenMs * (0.5 + Math.random()));
    victim.thaw();
    this.troubles.push({ from, to: Date.now() });
    this.#well.push(victim);
  }

  async end(): Promise<void> {
    for (const child of this.#all) child.thaw();
    await Promise.all([...this.#all].map((child) => child.end()));
  }
}
