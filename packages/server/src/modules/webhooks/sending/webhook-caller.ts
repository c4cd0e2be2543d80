import type { Hints } from '../../../platform/database/hints.ts';
import { newId } from '../../../platform/ids.ts';
import type { Logger } from '../../../platform/log.ts';
import { Lookout } from '../../../platform/lookout.ts';
import { dropCalls } from '../calls/call-store.ts';
import type { WebhookSettings } from '../definition/webhook-settings.ts';
import { WebhookWork } from './webhook-work.ts';
import type { WorkOptions } from './webhook-work.ts';
import { claimWebhooks, releaseWebhook, renewWebhooks, waitingWebhooks } from './work-store.ts';
import type { ClaimedWebhook } from './work-store.ts';

export interface WebhookCallerOptions extends WorkOptions {
  readonly hints: Hints;
  readonly log: Logger;
  /** How long a webhook stays ours without renewing, in milliseconds. */
  readonly leaseMs: number;
  /** How often it looks without a hint, and renews what it has: in milliseconds of the machine's clock. */
  readonly lookEveryMs: number;
  /** Opens what somebody has set. */
  readonly settingsOf: (webhook: ClaimedWebhook) => WebhookSettings;
}

const MOST_WEBHOOKS = 100;
const MOST_SEEN = 1_000;
const CALLS_A_STATEMENT = 5_000;

/** A webhook whose calls this process makes. */
interface Running {
  readonly claimed: ClaimedWebhook;
  /** Milliseconds since the epoch: after that others may have it. */
  leaseUntil: number;
  isLost: boolean;
  end: Promise<void>;
}

/** Makes the calls of the webhooks that this process has claimed, each by itself: a slow or dead one delays no other. */
export class WebhookCaller {
  readonly #options: WebhookCallerOptions;
  readonly #owner = newId();
  readonly #lookout: Lookout;
  readonly #running = new Map<string, Running>();

  constructor(options: WebhookCallerOptions) {
    this.#options = options;
    this.#lookout = new Lookout({
      ...options,
      topic: 'webhooks',
      everyMs: options.lookEveryMs,
      look: () => this.#look(),
      onError: (error) => options.log.error({ error }, 'calls of webhooks could not be looked for'),
    });
  }

  start(): void {
    this.#lookout.start();
  }

  /** Finishes the requests under way and writes down what came of them; then others may have the webhooks. */
  async stop(): Promise<void> {
    await this.#lookout.stop();
    await Promise.all([...this.#running.values()].map(({ end }) => end));
  }

  /** Keeps what is ours, and claims what has something due and is nobody's. When the next has something due. */
  async #look(): Promise<number | null> {
    const { database, clock, leaseMs } = this.#options;
    if (this.#lookout.isStopping) return null;
    const now = clock.now();
    await this.#renew(now);
    const waiting = await waitingWebhooks(database, MOST_SEEN);
    const due = waiting.filter(({ id, at }) => at.getTime() <= now && !this.#running.has(id));
    for (const place of due.filter(({ name }) => name === null)) {
      await dropCalls(database, place, CALLS_A_STATEMENT);
    }
    const free = MOST_WEBHOOKS - this.#running.size;
    const wanted = due.filter(({ name }) => name !== null).slice(0, Math.max(0, free));
    for (const claimed of await claimWebhooks(database, wanted, { owner: this.#owner, now, leaseMs })) {
      this.#begin(claimed, now + leaseMs);
    }
    // Those that are ours are looked at again when their work ends.
    const later = waiting.filter(({ id, at }) => at.getTime() > now && !this.#running.has(id));
    return later.length === 0 ? null : Math.min(...later.map(({ at }) => at.getTime()));
  }

  async #renew(now: number): Promise<void> {
    const { database, leaseMs } = this.#options;
    const ours = [...this.#running.values()];
    const kept = await renewWebhooks(
      database,
      ours.map(({ claimed }) => claimed),
      now + leaseMs,
    );
    for (const running of ours) {
      if (kept.has(running.claimed.id)) running.leaseUntil = now + leaseMs;
      else running.isLost = true;
    }
  }

  #begin(claimed: ClaimedWebhook, leaseUntil: number): void {
    const { log } = this.#options;
    const running: Running = { claimed, leaseUntil, isLost: false, end: Promise.resolve() };
    this.#running.set(claimed.id, running);
    running.end = this.#work(running)
      .catch((error: unknown) => {
        // It is claimed again when the lease is over.
        const { appId, name } = claimed;
        log.error(
          { error, appId, webhook: name },
          'calls of a webhook could not go on, and are taken up again',
        );
      })
      .then(() => {
        this.#running.delete(claimed.id);
        this.#lookout.look();
      });
  }

  async #work(running: Running): Promise<void> {
    const { database, clock, settingsOf } = this.#options;
    const { claimed } = running;
    const mayWork = () => !running.isLost && !this.#lookout.isStopping && clock.now() < running.leaseUntil;
    const work = new WebhookWork(this.#options, claimed, settingsOf(claimed));
    while (mayWork() && (await work.round(mayWork)));
    await releaseWebhook(database, claimed);
  }
}
