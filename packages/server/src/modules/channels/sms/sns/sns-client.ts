import type { Clock } from '../../../../platform/clock.ts';
import { signAwsRequest } from '../../../../platform/outbound/index.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import { ProviderRequests } from '../provider-requests.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { readSnsAnswer } from './read-answer.ts';
import type { SnsSettings } from './sns-account.ts';
import { writePublish } from './write-publish.ts';

export interface SnsClientOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
}

/** Amazon SNS for one account: each message is a `Publish` to a number. */
export class SnsClient {
  readonly #settings: SnsSettings;
  readonly #clock: Clock;
  readonly #requests: ProviderRequests;

  constructor(settings: SnsSettings, options: SnsClientOptions) {
    const { connections } = settings;
    this.#settings = settings;
    this.#clock = options.clock;
    this.#requests = new ProviderRequests({ ...options, provider: 'SNS', connections, read: readSnsAnswer });
  }

  /** Hands one message over, when fewer than `connections` others are on their way. Never rejects. */
  async send(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    const written = writePublish(this.#settings, envelope);
    if ('fault' in written) return { state: 'failed', reason: written.fault };
    const { region, baseUrl } = this.#settings;
    const url = `${baseUrl}/`;
    const body = written.form.toString();
    return this.#requests.post(() => ({
      url,
      // When it is its turn: a signature holds for five minutes.
      headers: signAwsRequest(
        {
          service: 'sns',
          region,
          method: 'POST',
          url,
          headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
          body,
        },
        this.#settings,
        this.#clock.now(),
      ),
      body,
    }));
  }
}
