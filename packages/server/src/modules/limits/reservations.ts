import type { RateClass, RateLimit } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import { describeFault } from '../../platform/http/fault.ts';
import type { Logger } from '../../platform/log.ts';
import type { Meter } from './meter.ts';
import { reserveParts } from './window-store.ts';

export interface ReservationsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** The server's limits, for apps without limits of their own. */
  readonly limits: Readonly<Record<RateClass, RateLimit>>;
}

const IN_FLIGHT = 2;
const LARGEST_BATCH = 1_000;
/** Longer than this nobody waits for the database to count. */
const PATIENCE_MS = 2_000;

/**
 * Fills meters from the database: one statement for all that ask at the same time. Where the database
 * does not answer, requests are let in and not counted: a platform that sends too much for a while is
 * better than one that does nothing. That is logged when it begins and when it is over.
 */
export class Reservations {
  readonly #options: ReservationsOptions;
  readonly #pending = new Map<Meter, Promise<void>>();
  readonly #coalescer: Coalescer<Meter, void>;
  #isAway = false;

  constructor(options: ReservationsOptions) {
    this.#options = options;
    this.#coalescer = new Coalescer({
      flush: (meters) => this.#fill(meters),
      inFlight: IN_FLIGHT,
      largest: LARGEST_BATCH,
      conflicts: ({ key }) => [key],
    });
  }

  /** Resolves when the meter has heard from the database, or has been opened without it. Never rejects. */
  ask(meter: Meter): Promise<void> {
    const pending = this.#pending.get(meter);
    if (pending !== undefined) return pending;
    const asking = this.#coalescer.submit(meter).finally(() => this.#pending.delete(meter));
    this.#pending.set(meter, asking);
    return asking;
  }

  async #fill(meters: readonly Meter[]): Promise<void[]> {
    const { database, clock, limits } = this.#options;
    const askedAt = clock.now();
    const asks = meters.map((meter) => ({
      ...meter.of,
      wanted: meter.wanted(askedAt),
      otherwise: limits[meter.of.rate],
    }));
    try {
      const grants = await this.#withPatience(reserveParts(database, asks));
      for (const [index, meter] of meters.entries()) meter.receive(grants[index]!, askedAt);
      this.#tell(null);
    } catch (error) {
      for (const meter of meters) meter.open(clock.now());
      this.#tell(error);
    }
    return meters.map(() => undefined);
  }

  #withPatience<Result>(work: Promise<Result>): Promise<Result> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`The database did not answer within ${PATIENCE_MS} ms.`));
      const alarm = clock.at(clock.now() + PATIENCE_MS, late);
      work.finally(() => alarm.cancel()).then(resolve, reject);
    });
  }

  #tell(fault: unknown): void {
    const isAway = fault !== null;
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    const { log } = this.#options;
    if (isAway)
      log.error({ fault: describeFault(fault) }, 'rate limits are off: the database does not count');
    else log.warn('rate limits are on again');
  }
}
