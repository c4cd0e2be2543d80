import type { Clock } from '../../../../platform/clock.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import { ProviderRequests } from '../provider-requests.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import type { StatusLinks } from '../status-links.ts';
import { ApplicationTokens } from './application-tokens.ts';
import { readVonageAnswer } from './read-answer.ts';
import type { VonageSettings } from './vonage-account.ts';
import { writeMessage } from './write-message.ts';

export interface VonageClientOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly statusLinks: StatusLinks;
}

/** Vonage's Messages API, for one application. */
export class VonageClient {
  readonly #settings: VonageSettings;
  readonly #options: VonageClientOptions;
  readonly #requests: ProviderRequests;
  readonly #tokens: ApplicationTokens;

  constructor(settings: VonageSettings, options: VonageClientOptions) {
    const { connections } = settings;
    this.#settings = settings;
    this.#options = options;
    this.#tokens = new ApplicationTokens(options.clock, settings);
    this.#requests = new ProviderRequests({
      ...options,
      provider: 'Vonage',
      connections,
      read: readVonageAnswer,
    });
  }

  /** Hands one message over, when fewer than `connections` others are on their way. Never rejects. */
  send(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    const { messageId, lane, recipient, content } = envelope;
    const reference = { messageId, lane, subscriptionId: recipient.subscriptionId };
    return this.#post(envelope, this.#options.statusLinks.url('vonage', { appId: content.appId, reference }));
  }

  /** Hands a reply over, which is no delivery: nobody asks what became of it. Never rejects. */
  reply(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    return this.#post(envelope, null);
  }

  async #post(envelope: Envelope<RenderedSms>, reportsTo: string | null): Promise<Outcome> {
    const written = writeMessage(envelope, this.#settings.from, reportsTo);
    if ('fault' in written) return { state: 'failed', reason: written.fault };
    return this.#requests.post(() => ({
      url: `${this.#settings.baseUrl}/v1/messages`,
      headers: {
        authorization: `Bearer ${this.#tokens.get()}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(written.body),
    }));
  }
}
