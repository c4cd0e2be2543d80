import type { Clock } from '../../../../platform/clock.ts';
import { sleep } from '../../../../platform/clock.ts';
import { signTwilioRequest } from '../../sms/twilio/signature.ts';
import { Webhooks } from '../web/webhooks.ts';

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

/** Requests that Twilio makes: forms, signed. */
export class TwilioCallbacks {
  readonly #options: TwilioCallbacksOptions;
  readonly #webhooks: Webhooks;

  constructor(options: TwilioCallbacksOptions) {
    this.#options = options;
    this.#webhooks = new Webhooks(options.clock);
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
    this.#webhooks.later(async () => {
      await sleep(clock, reportAfterMs);
      await tell('sent');
      for (const status of fate) {
        await tell(status, status === 'undelivered' ? { ErrorCode: String(errorCode) } : {});
      }
    });
  }

  /** Posts and resolves with the body of the answer; null when there was none in the end. */
  post(
    { accountSid, authToken }: TwilioAccount,
    url: string,
    params: Readonly<Record<string, string>>,
  ): Promise<string | null> {
    const form = new URLSearchParams({ AccountSid: accountSid, ApiVersion: '2010-04-01', ...params });
    const headers = {
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
      'x-twilio-signature': signTwilioRequest(authToken, url, form),
    };
    return this.#webhooks.post({ url, headers, body: form.toString() });
  }

  /** Lets go of what has not been told yet. */
  stop(): Promise<void> {
    return this.#webhooks.stop();
  }
}
