import { RATE_CLASSES } from '@carillon/wire';
import type { RateClass, RateLimit, RateLimitsAnswer, RateLimitsBody } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { recordUpdate } from '../accounts/index.ts';
import type { Author } from '../accounts/index.ts';
import { deleteLimits, limitsOf, putLimits } from './rate-limit-store.ts';

export interface RateLimitsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** The server's limits, for apps without limits of their own. */
  readonly limits: Readonly<Record<RateClass, RateLimit>>;
}

/** The limits of apps, to be read and set. A change holds in every process within a second. */
export class RateLimits {
  readonly #options: RateLimitsOptions;

  constructor(options: RateLimitsOptions) {
    this.#options = options;
  }

  async view(appId: string): Promise<RateLimitsAnswer> {
    const own = await limitsOf(this.#options.database, appId);
    return Object.fromEntries(
      RATE_CLASSES.map((rate) => {
        const set = own.get(rate);
        if (set !== undefined) return [rate, { ...set, source: 'app' }];
        return [rate, { ...this.#options.limits[rate], source: 'server' }];
      }),
    ) as RateLimitsAnswer;
  }

  /** Sets what the change names, and gives what it names with null back to the server's settings. */
  async change(appId: string, change: RateLimitsBody, author: Author): Promise<RateLimitsAnswer> {
    const { database, clock } = this.#options;
    const named = RATE_CLASSES.filter((rate) => change[rate] !== undefined);
    const put = named.flatMap((rate) => {
      const wanted = change[rate] ?? null;
      if (wanted === null) return [];
      return [{ class: rate, limit: wanted.limit, window_seconds: wanted.window_seconds ?? 1 }];
    });
    const removed = named.filter((rate) => change[rate] === null);
    await database.transaction(async (transaction) => {
      const before = Object.fromEntries(await limitsOf(transaction, appId));
      await putLimits(transaction, appId, put, clock.now());
      await deleteLimits(transaction, appId, removed);
      await recordUpdate(transaction, clock.now(), author, {
        action: 'rate_limits.updated',
        appId,
        target: { type: 'rate_limits', id: appId },
        before,
        after: Object.fromEntries(await limitsOf(transaction, appId)),
      });
    });
    return this.view(appId);
  }
}
