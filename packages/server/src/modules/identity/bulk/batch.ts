import type { UserWrite, WriteContext } from '../user-write.ts';
import { keysOf } from '../user-writer.ts';

/** Writes that go together, and how far they are: the batch after this one goes by that. */
export class Batch {
  readonly writes: readonly UserWrite[];
  readonly context: WriteContext;
  /** Resolves to whether it takes all its writes for new users, as soon as that is known. */
  readonly creates: Promise<boolean>;
  /** Resolves to whether it has all aliases and tokens of new users, so that it waits for nobody any more. */
  readonly holdsKeys: Promise<boolean>;
  /** Resolves to whether they were all new, and are committed. */
  readonly allNew: Promise<boolean>;
  /** Resolves when nothing more is written, whatever became of it. */
  done: Promise<unknown> = Promise.resolve();
  /** What it has written about, where it looked first. */
  readonly touched = new Set<string>();
  #begin: (creates: boolean) => void = () => undefined;
  #hold: (holds: boolean) => void = () => undefined;
  #decide: (allNew: boolean) => void = () => undefined;
  #created = false;

  constructor(writes: readonly UserWrite[], context: WriteContext) {
    this.writes = writes;
    this.context = context;
    this.creates = new Promise((resolve) => (this.#begin = resolve));
    this.holdsKeys = new Promise((resolve) => (this.#hold = resolve));
    this.allNew = new Promise((resolve) => (this.#decide = resolve));
  }

  /** To be called when it takes all its writes for new users. */
  readonly beginCreating = (): void => this.#begin(true);

  /** To be called when it holds all aliases and tokens. */
  readonly keysHeld = (): void => this.#hold(true);

  /** Only the first time counts. */
  decide(allNew: boolean): void {
    this.#created ||= allNew;
    this.#begin(allNew);
    this.#hold(allNew);
    this.#decide(allNew);
  }

  /** What it has written about, once it is done: aliases, tokens, users. */
  footprint(): ReadonlySet<string> {
    return this.#created ? new Set(this.writes.flatMap(keysOf)) : this.touched;
  }
}
