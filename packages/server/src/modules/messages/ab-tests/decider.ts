import type { Hints } from '../../../platform/database/hints.ts';
import type { Logger } from '../../../platform/log.ts';
import { Lookout } from '../../../platform/lookout.ts';
import { findUndecided, nextDecisionAt } from './ab-test-store.ts';
import { decideByMetric } from './decide-ab-test.ts';
import type { DecideOptions } from './decide-ab-test.ts';

export interface DeciderOptions extends DecideOptions {
  readonly hints: Hints;
  readonly log: Logger;
}

/** Hints can be lost, and a decision can fail: look anyway. */
const LOOK_EVERY_MS = 10_000;
const A_LOOK = 50;

/**
 * Decides tests when they are due. It keeps nothing but the time of the next one, so another process, or the same one
 * started again, goes on where it was; several do no harm.
 */
export class AbTestDecider {
  readonly #options: DeciderOptions;
  readonly #lookout: Lookout;

  constructor(options: DeciderOptions) {
    this.#options = options;
    this.#lookout = new Lookout({
      ...options,
      topic: 'ab-tests',
      everyMs: LOOK_EVERY_MS,
      look: () => this.#decide(),
      onError: (error) => options.log.error({ error }, 'A/B tests could not be looked for'),
    });
  }

  start(): void {
    this.#lookout.start();
  }

  /** Finishes the decision under way. */
  stop(): Promise<void> {
    return this.#lookout.stop();
  }

  /** Decides what is due now, or again once that is done. */
  look(): void {
    this.#lookout.look();
  }

  async #decide(): Promise<number | null> {
    const { database, clock, log } = this.#options;
    const now = clock.now();
    const due = await findUndecided(database, now, A_LOOK);
    let failed = 0;
    for (const test of due) {
      if (this.#lookout.isStopping) return null;
      await decideByMetric(this.#options, test).catch((error: unknown) => {
        failed += 1;
        log.error({ error, abTestId: test.id }, 'an A/B test could not be decided: it is tried again');
      });
    }
    // Those that failed wait for the next beat.
    if (due.length === A_LOOK && failed < A_LOOK) this.look();
    return nextDecisionAt(database, now);
  }
}
