import type { Clock } from '../../../../platform/clock.ts';
import { sleep } from '../../../../platform/clock.ts';
import { signTwilioRequest } from '../../sms/twilio/signature.ts';

/** In whose name Twilio tells something, and what signs it. */
export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
}

export interface TwilioCallbacksOptions {
  readonly clock: Clock;
  /** How long after a message's arrival its fate is told, in milliseconds. */
  readonly reportAfterMs: number;
}

const ANSWER_MS = 10_000;
const TRIES = 5;
const FIRST_PAUSE_MS = 200;

/** Requests that Twilio makes: forms, signed, and a few times over when they are not answered well. */
export class TwilioCallbacks {
  readonly #options: TwilioCallbacksOptions;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(options: TwilioCallbacksOptions) {
    this.#options = options;
  }

  /** Tells what becomes of a message: that it was sent, then its fate, one after the other. Returns at once. */
  report(
    account: TwilioAccount,
    url: string,
    message: Readonly<Record<string, string>>,
    fate: readonly ('delivered' | 'undelivered' | 'read')[],
    errorCode: number,
  ): void {
    const { clock, reportAfterMs } = this.#options;
    const tell = (status: string, more = {}) =>
      this.post(account, url, { ...message, ...more, SmsStatus: status, MessageStatus: status });
    this.#keep(async () => {
      await sleep(clock, reportAfterMs);
      await tell('sent');
      for (const status of fate) {
        await tell(status, status === 'undelivered' ? { ErrorCode: String(errorCode) } : {});
      }
    });
  }

  /** Posts and resolves with the body of the answer; null when there was none in the end. */
  async post(
    { accountSid, authToken }: TwilioAccount,
    url: string,
    params: Readonly<Record<string, string>>,
  ): Promise<string | null> {
    const { clock } = this.#options;
    const form = new URLSearchParams({ AccountSid: accountSid, ApiVersion: '2010-04-01', ...params });
    for (let tries = 1; tries <= TRIES && !this.#stopping.signal.aborted; tries += 1) {
      const answer = await this.#try(url, form, signTwilioRequest(authToken, url, form));
      if (answer !== null) return answer;
      await sleep(clock, FIRST_PAUSE_MS * 2 ** tries);
    }
    return null;
  }

  /** Lets go of what has not been told yet. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.race([Promise.all(this.#running), sleep(this.#options.clock, ANSWER_MS)]);
  }

  async #try(url: string, form: URLSearchParams, signature: string): Promise<string | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': signature },
        body: form,
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const text = await response.text();
      return response.ok ? text : null;
    } catch {
      return null;
    }
  }

  #keep(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
