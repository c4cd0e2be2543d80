import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import { BUCKET_MS, bucketOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { OutcomeQuestion } from './parse-question.ts';
import { addOutcomes, forgetOutcomes, readOutcomeOfMessages, readOutcomes } from './outcome-store.ts';
import type { OutcomeOfApp, OutcomeSum } from './outcome-store.ts';

/** As documented. */
const KEPT_MS = 30 * 86_400_000;
const OUTCOMES_A_STATEMENT = 500;

export interface OutcomesOptions {
  readonly database: Database;
  readonly clock: Clock;
}

export interface OutcomeAnswer {
  readonly id: string;
  readonly value: number;
  readonly aggregation: 'sum' | 'count';
}

/** Counts what people did, and tells the sums. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  readonly #adding: Coalescer<OutcomeOfApp, void>;

  constructor(options: OutcomesOptions) {
    this.#options = options;
    this.#adding = new Coalescer<OutcomeOfApp, void>({
      // Everybody counts in the same few rows: a second batch would only wait for the first.
      inFlight: 1,
      largest: OUTCOMES_A_STATEMENT,
      flush: async (batch) => {
        const now = options.clock.now();
        await retryTransient(() => addOutcomes(options.database, batch, bucketOf(now)));
        return batch.map(() => undefined);
      },
    });
  }

  /** Counted once this returns. */
  measure(appId: string, outcome: Outcome): Promise<void> {
    return this.#adding.submit({ ...outcome, app_id: appId });
  }

  /**
   * An answer to each name that was asked for, in that order; 0 where there is nothing. Of the app as a
   * whole, or of one of its messages.
   */
  async read(
    appId: string,
    { asked, rangeMs, ...filter }: OutcomeQuestion,
    messageId: string | null = null,
  ): Promise<OutcomeAnswer[]> {
    const { database, clock } = this.#options;
    const names = [...new Set(asked.map(({ id }) => id))];
    // A counter that began before the range and ends in it counts whole.
    const since = clock.now() - rangeMs - BUCKET_MS;
    const sums = await readOutcomes(database, appId, { ...filter, names, since, messageId });
    const byName = new Map(sums.map((sum) => [sum.name, sum]));
    return asked.map(({ id, aggregation }) => ({
      id,
      value: byName.get(id)?.[aggregation] ?? 0,
      aggregation,
    }));
  }

  /** Count and sum of one outcome for messages by their ids, whatever their share in it was. */
  ofMessages(
    appId: string,
    name: string,
    messageIds: readonly string[],
  ): Promise<ReadonlyMap<string, Omit<OutcomeSum, 'name'>>> {
    return readOutcomeOfMessages(this.#options.database, appId, name, messageIds);
  }

  /** Forgets what no question reaches any more. For the daily upkeep. */
  forgetOld(): Promise<void> {
    const { database, clock } = this.#options;
    return forgetOutcomes(database, clock.now() - KEPT_MS - BUCKET_MS);
  }
}
