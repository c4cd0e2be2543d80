import type { Clock } from '../../../../platform/clock.ts';
import { OutboundFault } from '../../../../platform/outbound/index.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import { Slots } from '../../../../platform/slots.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { readTwilioAnswer } from './read-answer.ts';
import type { StatusLinks } from './status-links.ts';
import type { TwilioSettings } from './twilio-account.ts';

export interface TwilioClientOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly statusLinks: StatusLinks;
}

/** For the whole request, its wait for a connection included. */
const TIMEOUT_MS = 30_000;
const LARGEST_ANSWER = 64 * 1024;

/** Twilio's API of messages, for one account. */
export class TwilioClient {
  readonly #settings: TwilioSettings;
  readonly #options: TwilioClientOptions;
  readonly #slots: Slots;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(settings: TwilioSettings, options: TwilioClientOptions) {
    const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl, connections } = settings;
    this.#settings = settings;
    this.#options = options;
    this.#slots = new Slots(connections);
    this.#url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`;
    const credentials = `${apiKeySid ?? accountSid}:${apiKeySecret ?? authToken}`;
    this.#headers = {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
  }

  /** Hands one message over, when fewer than `connections` others are on their way. Never rejects. */
  send(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    return this.#slots.run(() => this.#send(envelope));
  }

  async #send(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    const { clock, outbound } = this.#options;
    // Whoever is told to wait and asks on is made to wait longer.
    const rest = this.#restUntil - clock.now();
    if (rest > 0) return { state: 'retry', reason: 'Twilio asked to wait a moment ago', afterMs: rest };
    try {
      const answer = await outbound.request({
        method: 'POST',
        url: this.#url,
        headers: this.#headers,
        body: this.#formOf(envelope).toString(),
        timeoutMs: TIMEOUT_MS,
        mostBytes: LARGEST_ANSWER,
      });
      const outcome = readTwilioAnswer(answer, clock.now());
      if (answer.status === 429 && outcome.state === 'retry' && outcome.afterMs !== null)
        this.#restUntil = clock.now() + outcome.afterMs;
      return outcome;
    } catch (error) {
      if (error instanceof OutboundFault) return outcomeOfFault(error);
      throw error;
    }
  }

  #formOf({ messageId, lane, recipient, content }: Envelope<RenderedSms>): URLSearchParams {
    const from = content.from ?? this.#settings.from;
    const reference = { messageId, lane, subscriptionId: recipient.subscriptionId };
    const form = new URLSearchParams({
      To: recipient.token,
      [isMessagingService(from) ? 'MessagingServiceSid' : 'From']: from,
      StatusCallback: this.#options.statusLinks.url({ appId: content.appId, reference }),
    });
    if (content.text !== '') form.append('Body', content.text);
    for (const url of content.mediaUrls) form.append('MediaUrl', url);
    return form;
  }
}

/** A messaging service picks the sender, RCS among them. */
function isMessagingService(from: string): boolean {
  return /^MG[\da-f]{32}$/i.test(from);
}

/** Whether Twilio has taken it is not known: it may go twice rather than not at all. */
function outcomeOfFault(fault: OutboundFault): Outcome {
  const hint = fault.kind === 'forbidden' || fault.kind === 'invalid' ? ' (look at base_url)' : '';
  return { state: 'retry', reason: `Twilio: ${fault.message}${hint}`, afterMs: null };
}
