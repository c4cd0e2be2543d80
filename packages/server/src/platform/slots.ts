/** Lets a fixed number of works go on at a time; the others wait in the order in which they came. */
export class Slots {
  readonly #count: number;
  #free: number;
  #waiting: (() => void)[] = [];
  /** Those before it have entered. Taking them out one by one would move all the others each time. */
  #next = 0;

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /** Nothing goes on. */
  get isIdle(): boolean {
    return this.#free === this.#count;
  }

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) {
      return new Promise((resolve) => this.#waiting.push(() => resolve(this.#work(work))));
    }
    this.#free -= 1;
    return this.#work(work);
  }

  #work<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = begin(work);
    done.then(this.#leave, this.#leave);
    return done;
  }

  readonly #leave = (): void => {
    const enter = this.#waiting[this.#next];
    if (enter === undefined) {
      this.#free += 1;
      return;
    }
    this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    enter();
  };
}

/** Work that fails before it has begun gives its place back, too. */
function begin<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return work();
  } catch (error) {
    return Promise.reject(error);
  }
}
