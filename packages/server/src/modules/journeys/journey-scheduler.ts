import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Logger } from '../../platform/log.ts';
import { Lookout } from '../../platform/lookout.ts';
import { concurrencyKey } from './definition/concurrency-key.ts';
import { findDue, nextChangeAt } from './definition/schedule-store.ts';
import type { DueJourney } from './definition/schedule-store.ts';
import type { Journeys } from './journeys.ts';

export interface JourneySchedulerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Hints;
  readonly log: Logger;
  readonly journeys: Pick<Journeys, 'update' | 'failStart'>;
}

/** Hints can be lost, and a change can fail: look anyway. */
const LOOK_EVERY_MS = 10_000;
const A_LOOK = 50;

/**
 * Starts and stops journeys at their times. It keeps nothing but the time of the next one, so another process,
 * or the same one started again, goes on where it was; several do no harm.
 */
export class JourneyScheduler {
  readonly #options: JourneySchedulerOptions;
  readonly #lookout: Lookout;

  constructor(options: JourneySchedulerOptions) {
    this.#options = options;
    this.#lookout = new Lookout({
      ...options,
      topic: 'journeys',
      everyMs: LOOK_EVERY_MS,
      look: () => this.#look(),
      onError: (error) => options.log.error({ error }, 'journeys that are due could not be looked for'),
    });
  }

  start(): void {
    this.#lookout.start();
  }

  /** Finishes the change under way. */
  stop(): Promise<void> {
    return this.#lookout.stop();
  }

  async #look(): Promise<number | null> {
    const { database, clock, log } = this.#options;
    const now = clock.now();
    const due = await findDue(database, now, A_LOOK);
    let failed = 0;
    for (const one of due) {
      if (this.#lookout.isStopping) return null;
      await this.#change(one).catch((error: unknown) => {
        failed += 1;
        log.error(
          { error, journeyId: one.journey.id },
          'a journey could not be changed at its time: tried again',
        );
      });
    }
    // Those that failed wait for the next beat.
    if (due.length >= A_LOOK && failed < due.length) this.#lookout.look();
    return nextChangeAt(database, now);
  }

  async #change({ journey, change }: DueJourney): Promise<void> {
    const { journeys } = this.#options;
    const { appId, id } = journey;
    // Nobody has changed it since it was looked up: what it is due for still holds.
    const patch = {
      state: change === 'stop' ? 'archived' : 'active',
      concurrency_key: concurrencyKey(journey),
    };
    try {
      await journeys.update(appId, id, patch);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Gone or changed: whoever did it has given a hint, if there is anything left to do.
      if (error.code === 'journey-changed' || error.code === 'journey-not-found') return;
      await journeys.failStart(journey, error.message);
    }
  }
}
