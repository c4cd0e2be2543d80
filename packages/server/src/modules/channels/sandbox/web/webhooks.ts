import type { Clock } from '../../../../platform/clock.ts';
import { sleep } from '../../../../platform/clock.ts';

/** A request that a provider makes. */
export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ANSWER_MS = 10_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 200;

/** Tells things as providers do: a few times over when it is not answered well. */
export class Webhooks {
  readonly #clock: Clock;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does something that takes a while. Returns at once. */
  later(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Posts and resolves with the body of the answer; null when there was none in the end. */
  async post(webhook: Webhook): Promise<string | null> {
    for (let tries = 1; tries <= TRIES && !this.#stopping.signal.aborted; tries += 1) {
      const answer = await this.#try(webhook);
      if (answer !== null) return answer;
      await sleep(this.#clock, FIRST_PAUSE_MS * 2 ** tries);
    }
    return null;
  }

  /** Lets go of what has not been told yet. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#running), sleep(this.#clock, ANSWER_MS)]);
  }

  async #try({ url, headers, body }: Webhook): Promise<string | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const text = await response.text();
      return response.ok ? text : null;
    } catch {
      return null;
    }
  }
}
