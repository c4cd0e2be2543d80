import type { UserWrite, WriteContext } from '../user-write.ts';
import { keysOf } from '../user-writer.ts';

/** Writes that go together, and how far they are: the batch after this one goes by that. */
export class Batch {
  readonly writes: readonly UserWrite[];
  readonly context: WriteContext;
  /** It takes all its writes for new users: until that is decided, it waits only for those before it. */
  isCreating = false;
  /** Resolves to whether they were. */
  readonly allNew: Promise<boolean>;
  /** Resolves when nothing more is written, whatever became of it. */
  done: Promise<unknown> = Promise.resolve();
  /** What it has written about, where it looked first. */
  readonly touched = new Set<string>();
  #decide: (allNew: boolean) => void = () => undefined;
  #created = false;

  constructor(writes: readonly UserWrite[], context: WriteContext) {
    this.writes = writes;
    this.context = context;
    this.allNew = new Promise((resolve) => (this.#decide = resolve));
  }

  decide(allNew: boolean): void {
    this.#created ||= allNew;
    this.#decide(allNew);
  }

  /** What it has written about, once it is done: aliases, tokens, users. */
  footprint(): ReadonlySet<string> {
    return this.#created ? new Set(this.writes.flatMap(keysOf)) : this.touched;
  }
}
