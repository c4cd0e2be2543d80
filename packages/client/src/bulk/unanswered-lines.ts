/** One user of a load, as it is sent. */
export interface Line<User> {
  /** Counted from 1 over the whole load, whatever request it went with. */
  readonly number: number;
  readonly text: string;
  readonly user: User;
}

/** What `next` has instead of a line. */
export type NoLine =
  /** The source has nothing at the moment. */
  | 'later'
  /** As many lines as are kept wait for their results. */
  | 'full'
  /** There will be none any more. */
  | 'end';

export interface LoadRules {
  /** Most lines without a result. */
  readonly mostUnanswered: number;
  /** The number of the first line that is sent; those before it are passed over. */
  readonly fromLine: number;
}

/** Characters of lines without a result; a single line may go beyond. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/**
 * The lines of a load. They are read from the source when they are asked for, and kept until their
 * results are there, so that another request can send them again.
 */
export class UnansweredLines<User> {
  readonly #rules: LoadRules;
  readonly #source: Iterator<User> | AsyncIterator<User>;
  readonly #isAsync: boolean;
  /** In the order of their numbers. */
  readonly #kept = new Map<number, Line<User>>();
  #characters = 0;
  #read = 0;
  #answered: number;
  #sent: number;
  #isReading = false;
  #isOver = false;
  #fault: { readonly error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(users: Iterable<User> | AsyncIterable<User>, rules: LoadRules) {
    this.#rules = rules;
    this.#isAsync = Symbol.asyncIterator in users;
    this.#source = Symbol.asyncIterator in users ? users[Symbol.asyncIterator]() : users[Symbol.iterator]();
    this.#answered = rules.fromLine - 1;
    this.#sent = this.#answered;
  }

  /** The number of the first line without a result. */
  get first(): number {
    return this.#answered + 1;
  }

  /** Whether every line has its result, and no more will come. */
  get isDone(): boolean {
    return this.#isOver && this.#kept.size === 0;
  }

  /** Begins anew at the first line without a result. */
  rewind(): void {
    this.#sent = this.#answered;
  }

  /** The next line to send. */
  next(): Line<User> | NoLine {
    const again = this.#kept.get(this.#sent + 1);
    if (again !== undefined) {
      this.#sent += 1;
      return again;
    }
    while (!this.#isOver) {
      if (this.#kept.size >= this.#rules.mostUnanswered || this.#characters >= MOST_CHARACTERS) return 'full';
      if (this.#isAsync) {
        this.#readLater();
        return 'later';
      }
      this.#readNow();
      if (this.#kept.has(this.#sent + 1)) return this.next();
    }
    return 'end';
  }

  /** Resolves when `next` may have another answer than it had. One caller at a time. */
  changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Lets whoever waits for a change look again. */
  wake(): void {
    this.#wake();
  }

  /** A line that waits for its result; undefined where it does not. */
  waiting(number: number): Line<User> | undefined {
    return this.#kept.get(number);
  }

  /** The first line without a result has one now, and is not kept any more. */
  answer(number: number): void {
    const line = number === this.first ? this.#kept.get(number) : undefined;
    if (line === undefined) return;
    this.#kept.delete(number);
    this.#characters -= line.text.length;
    this.#answered = number;
    this.#wake();
  }

  /** Throws what the source threw. */
  throwFault(): void {
    if (this.#fault !== null) throw this.#fault.error;
  }

  /** Nothing more is read from the source, which may let go of what it holds. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // It may be busy with the next user for ever.
    void Promise.resolve(this.#source.return?.()).catch(() => undefined);
  }

  #readNow(): void {
    try {
      this.#take(this.#source.next() as IteratorResult<User>);
    } catch (error) {
      this.#fail(error);
    }
  }

  #readLater(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readOne().then(() => {
      this.#isReading = false;
      this.#wake();
    });
  }

  async #readOne(): Promise<void> {
    try {
      this.#take(await this.#source.next());
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(read: IteratorResult<User>): void {
    if (this.#isOver) return;
    if (read.done === true) {
      this.#isOver = true;
      return;
    }
    this.#read += 1;
    if (this.#read < this.#rules.fromLine) return;
    const line = { number: this.#read, text: `${JSON.stringify(read.value)}\n`, user: read.value };
    this.#kept.set(line.number, line);
    this.#characters += line.text.length;
  }

  #fail(error: unknown): void {
    this.#fault = { error };
    this.#isOver = true;
  }
}
