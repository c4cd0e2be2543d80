/**
 * Gathers concurrent single requests into batches: a batch leaves as soon as fewer than `inFlight` are under way, so a
 * lone request leaves at once and a crowd travels together.
 *
 * Measured (see docs/decisions): five times the rate of a transaction for each request.
 */
export interface CoalescerOptions<Request, Result> {
  /** Does the work of a whole batch: the results in the order of the requests. */
  readonly flush: (batch: readonly Request[]) => Promise<readonly Result[]>;
  /** Batches under way at the same time. */
  readonly inFlight: number;
  /** Most weight in a batch, the one that leaves now. A request that is heavier on its own travels alone. */
  readonly largest: number | (() => number);
  /**
   * After a batch that was not full, the next one that is not waits so many milliseconds; none when absent. For what
   * nobody waits for: a statement for three requests costs nearly what one for thirty does.
   */
  readonly restMs?: number;
  /** 1 for every request when absent. */
  readonly weight?: (request: Request) => number;
  /**
   * What a request may not share with another one of its batch or of a batch under way (an alias, a
   * token). Such a request waits for the batch before it, because ON CONFLICT cannot touch a row
   * twice in one statement.
   */
  readonly conflicts?: (request: Request) => readonly string[];
}

interface Waiting<Request, Result> {
  readonly request: Request;
  readonly keys: readonly string[];
  readonly weight: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export class Coalescer<Request, Result> {
  readonly #options: CoalescerOptions<Request, Result>;
  #waiting: Waiting<Request, Result>[] = [];
  readonly #busyKeys = new Set<string>();
  /** Of those that wait. */
  #weight = 0;
  #underWay = 0;
  #scheduled = false;
  #resting: NodeJS.Timeout | undefined;

  constructor(options: CoalescerOptions<Request, Result>) {
    this.#options = options;
  }

  submit(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      const keys = this.#options.conflicts?.(request) ?? [];
      const weight = this.#options.weight?.(request) ?? 1;
      this.#weight += weight;
      this.#waiting.push({ request, keys, weight, resolve, reject });
      this.#schedule();
    });
  }

  /** After the requests of this turn of the event loop have all been submitted. */
  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#options.inFlight) return;
    if (this.#resting !== undefined && !this.#isFull()) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // One batch after the other until all places are taken, nothing can leave, or what is left can wait.
      while (this.#underWay < this.#options.inFlight && (this.#resting === undefined || this.#isFull())) {
        if (!this.#leave()) break;
      }
    });
  }

  #isFull(): boolean {
    return this.#weight >= this.#largest();
  }

  #largest(): number {
    const { largest } = this.#options;
    return typeof largest === 'number' ? largest : largest();
  }

  #rest(): void {
    const { restMs = 0 } = this.#options;
    if (restMs === 0 || this.#resting !== undefined) return;
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    }, restMs);
  }

  #leave(): boolean {
    const batch = this.#takeBatch();
    if (batch.length === 0) return false;
    this.#underWay += 1;
    this.#rest();
    void this.#settle(batch).finally(() => {
      for (const item of batch) for (const key of item.keys) this.#busyKeys.delete(key);
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#schedule();
    });
    return true;
  }

  #takeBatch(): Waiting<Request, Result>[] {
    const batch: Waiting<Request, Result>[] = [];
    const left: Waiting<Request, Result>[] = [];
    // Keys of requests that were held back: a later request for one of them must not overtake.
    const heldBack = new Set<string>();
    let room = this.#largest();
    for (const item of this.#waiting) {
      const { weight } = item;
      const free = item.keys.every((key) => !this.#busyKeys.has(key) && !heldBack.has(key));
      if (free && (weight <= room || batch.length === 0)) {
        batch.push(item);
        room -= weight;
        this.#weight -= weight;
        for (const key of item.keys) this.#busyKeys.add(key);
      } else {
        left.push(item);
        for (const key of item.keys) heldBack.add(key);
      }
    }
    this.#waiting = left;
    return batch;
  }

  async #settle(batch: readonly Waiting<Request, Result>[]): Promise<void> {
    try {
      const results = await this.#options.flush(batch.map((item) => item.request));
      batch.forEach((item, index) => item.resolve(results[index] as Result));
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      // One bad request must not fail its neighbours: each on its own.
      for (const item of batch) await this.#settle([item]);
    }
  }
}
