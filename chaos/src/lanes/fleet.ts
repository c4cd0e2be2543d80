import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '@carillon/test-kit';
import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

const ownedBy = statement('chaos.owned-by', `select count(*)::int as lanes from lanes where owner = $1`);

interface Member {
  readonly child: Child;
  readonly owner: string;
}

/** Worker processes under attack, and how long it takes until their lanes have another owner. */
export class Fleet {
  readonly #database: Database;
  readonly #worker: URL;
  readonly #args: readonly string[];
  #healthy: Member[] = [];
  readonly #takeOvers: Promise<void>[] = [];
  #all: Child[] = [];
  kills = 0;
  freezes = 0;
  /** Milliseconds from the attack to the last lane that changed hands. */
  slowestAfterKill = 0;
  slowestAfterFreeze = 0;

  constructor(database: Database, worker: URL, args: readonly string[]) {
    this.#database = database;
    this.#worker = worker;
    this.#args = args;
  }

  async add(): Promise<void> {
    const child = new Child(this.#worker, this.#args);
    this.#all.push(child);
    const { owner } = (await child.message()) as { owner: string };
    this.#healthy.push({ child, owner });
  }

  /** Attacks for `durationMs`; at least one worker is always well, so that somebody can take over. */
  attack(durationMs: number): Promise<void> {
    const end = Date.now() + durationMs;
    return this.#attackWhile(() => Date.now() < end);
  }

  /** Attacks until `times` workers were killed or frozen. */
  attackTimes(times: number): Promise<void> {
    return this.#attackWhile(() => this.kills + this.freezes < times);
  }

  async #attackWhile(goesOn: () => boolean): Promise<void> {
    const recoveries: Promise<void>[] = [];
    while (goesOn()) {
      await pause(300 + Math.random() * 900);
      if (this.#healthy.length < 2) continue;
      const [victim] = this.#healthy.splice(Math.floor(Math.random() * this.#healthy.length), 1);
      if (victim === undefined) continue;
      const freezing = (this.kills + this.freezes) % 3 === 1;
      recoveries.push(freezing ? this.#freezeOne(victim) : this.#killOne(victim));
    }
    await Promise.all(recoveries);
    await Promise.all(this.#takeOvers);
  }

  async #killOne({ child, owner }: Member): Promise<void> {
    this.kills += 1;
    const start = performance.now();
    await child.kill();
    this.#watch(owner, start, (ms) => (this.slowestAfterKill = Math.max(this.slowestAfterKill, ms)));
    await pause(Math.random() * 500);
    await this.add();
  }

  async #freezeOne(member: Member): Promise<void> {
    this.freezes += 1;
    const start = performance.now();
    member.child.freeze();
    // Most freezes outlast the lease; the short ones must be survived without a change of owner.
    const forMs = this.freezes % 3 === 0 ? 1_000 : 4_500 + Math.random() * 1_000;
    const thawed = pause(forMs).then(() => member.child.thaw());
    if (forMs > 4_000) {
      this.#watch(
        member.owner,
        start,
        (ms) => (this.slowestAfterFreeze = Math.max(this.slowestAfterFreeze, ms)),
      );
    }
    await thawed;
    this.#healthy.push(member);
  }

  #watch(owner: string, start: number, note: (ms: number) => void): void {
    const watching = async () => {
      while (((await this.#database.rows<{ lanes: number }>(ownedBy, [owner]))[0]?.lanes ?? 0) > 0)
        await pause(10);
      note(performance.now() - start);
    };
    this.#takeOvers.push(watching());
  }

  async end(): Promise<void> {
    for (const child of this.#all) child.thaw();
    await Promise.all(this.#all.map((child) => child.kill()));
    this.#all = [];
    this.#healthy = [];
  }
}
