import { Breaker } from '../../../platform/breaker.ts';
import type { Database } from '../../../platform/database/database.ts';
import { recordChange, SYSTEM } from '../../accounts/index.ts';
import { insertAttempts } from '../attempts/attempt-store.ts';
import type { Attempt } from '../attempts/attempt-store.ts';
import { dueCalls, writeSettled } from '../calls/call-store.ts';
import type { SettledCall } from '../calls/call-store.ts';
import type { WebhookSettings } from '../definition/webhook-settings.ts';
import { makeCalls } from './make-calls.ts';
import type { MakeCallsOptions } from './make-calls.ts';
import { settleCalls } from './settle-calls.ts';
import type { Settled } from './settle-calls.ts';
import { advanceWebhook, disableOwned } from './work-store.ts';
import type { ClaimedWebhook } from './work-store.ts';

export interface WorkOptions extends MakeCallsOptions {
  readonly database: Database;
  /** Called after a webhook was disabled. */
  readonly onDisabled: (webhook: ClaimedWebhook, reason: string) => void;
}

const A_ROUND = 256;
const PROBES = 3;

/** One webhook, worked round after round by the process that has claimed it. */
export class WebhookWork {
  readonly #options: WorkOptions;
  readonly #claimed: ClaimedWebhook;
  readonly #settings: WebhookSettings;
  #failures: number;
  #pauses: number;

  constructor(options: WorkOptions, claimed: ClaimedWebhook, settings: WebhookSettings) {
    this.#options = options;
    this.#claimed = claimed;
    this.#settings = settings;
    this.#failures = claimed.failures;
    this.#pauses = claimed.pauses;
  }

  /**
   * Makes what is due and writes down what came of it. False when there is nothing more to do now. What was under way when
   * the process dies was not written down, and goes again under the same id.
   */
  async round(mayWork: () => boolean): Promise<boolean> {
    const { database, clock } = this.#options;
    const isProbe = this.#pauses > 0;
    const limit = isProbe ? PROBES : A_ROUND;
    const calls = await dueCalls(database, this.#claimed, clock.now(), limit);
    if (calls.length === 0) return false;
    const breaker = isProbe ? new Breaker(0, mayWork, PROBES) : new Breaker(this.#failures, mayWork);
    const { outcomes, attempts } = await makeCalls(
      this.#options,
      this.#claimed,
      this.#settings,
      calls,
      breaker,
    );
    const settled = settleCalls(
      { calls, outcomes, breaker, isProbe },
      {
        schedule: this.#settings.retrySchedule,
        pauses: this.#pauses,
        now: clock.now(),
        random: Math.random(),
      },
    );
    const before = isProbe && breaker.taken === 0 ? this.#failures : 0;
    const isOurs = await this.#commit(settled, attempts, before + breaker.failures);
    return isOurs && settled.retryAt === null && settled.disabled === null && settled.calls.length > 0;
  }

  /** False when it is another's by now, or its settings have changed. */
  async #commit(settled: Settled, attempts: readonly Attempt[], failures: number): Promise<boolean> {
    const { database, clock, onDisabled } = this.#options;
    const now = clock.now();
    const webhook = this.#claimed;
    const updatedAt = await database.transaction(async (transaction) => {
      const standing = await advanceWebhook(transaction, webhook, { ...settled, failures }, now);
      if (standing === null) return null;
      const there = await writeSettled(transaction, settled.calls);
      await insertAttempts(transaction, webhook, endedAttempts(attempts, settled.calls, there));
      if (settled.disabled !== null) {
        await disableOwned(transaction, webhook, settled.disabled, now);
        await recordChange(transaction, now, SYSTEM, {
          action: 'webhook.disabled',
          appId: webhook.appId,
          target: { type: 'webhook', id: webhook.id, name: webhook.name },
          metadata: { reason: settled.disabled },
        });
      }
      return standing;
    });
    if (updatedAt === null) return false;
    if (settled.disabled !== null) onDisabled(webhook, settled.disabled);
    this.#failures = failures;
    this.#pauses = settled.pauses;
    return updatedAt.getTime() === webhook.updatedAt.getTime();
  }
}

/** Of calls that are still there; a try behind which there is no other one says so. */
function endedAttempts(
  attempts: readonly Attempt[],
  calls: readonly SettledCall[],
  there: ReadonlySet<string>,
): Attempt[] {
  const over = new Set(calls.flatMap(({ id, dueAt }) => (dueAt === null ? [id] : [])));
  return attempts.flatMap((attempt) => {
    if (!there.has(attempt.callId)) return [];
    const isLast = attempt.outcome === 'failed' && over.has(attempt.callId);
    return [isLast ? { ...attempt, outcome: 'given_up' as const } : attempt];
  });
}
