import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { Slots } from '../../../platform/slots.ts';
import type { BeginWrite } from '../begin-write.ts';
import { UserWriter } from '../user-writer.ts';
import { BULK_LIMITS } from './bulk-limits.ts';
import type { BulkLimits } from './bulk-limits.ts';
import type { BulkRequest } from './bulk-request.ts';
import { BulkRun } from './bulk-run.ts';

export interface BulkUsersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly begin: BeginWrite;
  readonly limits?: BulkLimits;
}

/** Bulk upserts of users: what a process may do of them at once, and their end when it stops. */
export class BulkUsers {
  readonly limits: BulkLimits;
  readonly #options: BulkUsersOptions;
  readonly #writer: UserWriter;
  readonly #slots: Slots;
  #running = 0;
  #stopping = false;

  constructor(options: BulkUsersOptions) {
    this.#options = options;
    this.limits = options.limits ?? BULK_LIMITS;
    this.#slots = new Slots(this.limits.batches);
    // Its own: single writes do not wait behind thousands of lines.
    this.#writer = new UserWriter(options.database, options.clock);
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Requests under way end with the batch they are at, and say so. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Begins with a request. Resolves when its first lines are there, with its answer, line by line as
   * batches are committed. Call `end` of what is returned when nobody reads it any more.
   * Throws ApiError `bulk-busy`, `bulk-empty`, and whatever stops the reading before the first line.
   */
  async open(request: BulkRequest): Promise<BulkRun> {
    const { requests } = this.limits;
    if (this.#running >= requests) {
      throw new ApiError('bulk-busy', { params: { limit: requests }, retryAfter: 5 });
    }
    this.#running += 1;
    const run = new BulkRun({
      ...this.#options,
      ...request,
      limits: this.limits,
      writer: this.#writer,
      slots: this.#slots,
      isStopping: () => this.#stopping,
      onEnd: () => (this.#running -= 1),
    });
    try {
      await run.begin();
      return run;
    } catch (error) {
      run.end();
      throw error;
    }
  }
}
