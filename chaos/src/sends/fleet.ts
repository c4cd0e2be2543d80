import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '@carillon/test-kit';

interface Worker {
  readonly child: Child;
  readonly owner: string;
}

/** A kill comes after this time also when no mail arrives. */
const LONGEST_WAIT_MS = 3_000;

/** Worker processes that are killed at random moments; each is started again at once. */
export class Fleet {
  readonly #module: URL;
  readonly #env: NodeJS.ProcessEnv;
  readonly #all = new Set<Child>();
  readonly #working: Worker[] = [];
  readonly #starts: number[] = [];
  readonly #restarts: Promise<void>[] = [];
  /** The owners under which workers claimed chunks that were killed later. */
  readonly killed = new Set<string>();

  constructor(module: URL, env: NodeJS.ProcessEnv) {
    this.#module = module;
    this.#env = env;
  }

  /** Milliseconds from the fork to the first look for work, the median of all starts. */
  get startMs(): number {
    return this.#starts.toSorted((a, b) => a - b)[this.#starts.length >> 1] ?? 0;
  }

  /** A worker that cannot start, because its connections are cut then, is started again. */
  async add(): Promise<void> {
    for (;;) {
      const start = performance.now();
      const child = new Child(this.#module, [], this.#env);
      this.#all.add(child);
      const said = await child.message().catch(() => null);
      if (said !== null) {
        this.#starts.push(performance.now() - start);
        this.#working.push({ child, owner: (said as { owner: string }).owner });
        return;
      }
      this.#all.delete(child);
      await child.kill();
    }
  }

  /**
   * Kills `kills` workers. Between two kills some mails arrive, up to twice `every` of them at random,
   * so that the kills are spread over the send however fast it is.
   */
  async attack(kills: number, every: number, mails: () => number): Promise<void> {
    while (this.killed.size < kills) {
      const next = mails() + Math.random() * 2 * every;
      const latest = Date.now() + LONGEST_WAIT_MS;
      while (mails() < next && Date.now() < latest) await pause(1 + Math.random() * 20);
      const [victim] = this.#working.splice(Math.floor(Math.random() * this.#working.length), 1);
      if (victim === undefined) continue;
      this.killed.add(victim.owner);
      await victim.child.kill();
      this.#all.delete(victim.child);
      this.#restarts.push(this.add());
    }
    await Promise.all(this.#restarts);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#all].map((child) => child.end()));
  }
}
