import type { Clock } from '../../../../platform/clock.ts';
import type { Outbound } from '../../../../platform/outbound/index.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import { ProviderRequests } from '../provider-requests.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { readTwilioAnswer } from './read-answer.ts';
import type { StatusLinks } from '../status-links.ts';
import type { TwilioSettings } from './twilio-account.ts';

export interface TwilioClientOptions {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly statusLinks: StatusLinks;
}

/** Twilio's API of messages, for one account. */
export class TwilioClient {
  readonly #settings: TwilioSettings;
  readonly #options: TwilioClientOptions;
  readonly #requests: ProviderRequests;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: TwilioSettings, options: TwilioClientOptions) {
    const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl, connections } = settings;
    this.#settings = settings;
    this.#options = options;
    this.#requests = new ProviderRequests({
      ...options,
      provider: 'Twilio',
      connections,
      read: readTwilioAnswer,
    });
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
    return this.#requests.post(() => ({
      url: this.#url,
      headers: this.#headers,
      body: this.#formOf(envelope).toString(),
    }));
  }

  #formOf({ messageId, lane, recipient, content }: Envelope<RenderedSms>): URLSearchParams {
    const from = content.from ?? this.#settings.from;
    const reference = { messageId, lane, subscriptionId: recipient.subscriptionId };
    const form = new URLSearchParams({
      // An RCS agent of its own sends RCS and nothing else; a messaging service falls back to SMS.
      To: isRcsAgent(from) ? `rcs:${recipient.token}` : recipient.token,
      [isMessagingService(from) ? 'MessagingServiceSid' : 'From']: from,
      StatusCallback: this.#options.statusLinks.url('twilio', { appId: content.appId, reference }),
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

function isRcsAgent(from: string): boolean {
  return /^rcs:/i.test(from);
}
