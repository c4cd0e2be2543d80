import type { Clock } from '../../../../platform/clock.ts';
import type { Http2Client } from '../../../../platform/outbound/index.ts';
import { Slots } from '../../../../platform/slots.ts';
import type { Addressee, Outcome } from '../../channel.ts';
import { outcomeOfFault } from '../fault-outcome.ts';
import { openClient } from '../per-account.ts';
import type { PushChannelOptions } from '../per-account.ts';
import type { ApnsCertificateSettings, ApnsEnvironment, ApnsSettings } from './apns-account.ts';
import type { ApnsMessage } from './apns-message.ts';
import { ApnsTokens } from './apns-tokens.ts';
import { readApnsAnswer } from './read-apns-answer.ts';
import type { ApnsVerdict } from './read-apns-answer.ts';

type Message = Extract<ApnsMessage, { readonly ok: true }>;

const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 16_384;

export interface ApnsOptions extends PushChannelOptions {
  /** Apple's own when absent. */
  readonly origins?: Readonly<Record<ApnsEnvironment, string>>;
}

const ORIGINS: Readonly<Record<ApnsEnvironment, string>> = {
  production: 'https://api.push.apple.com',
  sandbox: 'https://api.sandbox.push.apple.com',
};

/** APNs as one account uses it. */
export class ApnsService {
  /** A message is made when it can leave: one that waits costs nothing. */
  readonly turns: Slots;
  readonly #clock: Clock;
  readonly #settings: ApnsSettings;
  readonly #origins: Readonly<Record<ApnsEnvironment, string>>;
  readonly #client: Http2Client;
  /** Null where a certificate speaks for the account. */
  readonly #tokens: ApnsTokens | null;

  constructor(options: ApnsOptions, settings: ApnsSettings) {
    this.#clock = options.clock;
    this.#settings = settings;
    this.#origins = options.origins ?? ORIGINS;
    const isKey = settings.kind === 'apns';
    this.#tokens = isKey ? new ApnsTokens(options.clock, settings) : null;
    this.#client = openClient(options, settings.address, isKey ? {} : identityOf(settings));
    this.turns = new Slots(this.mostAtOnce);
  }

  get isIdle(): boolean {
    return this.#client.isIdle;
  }

  get mostAtOnce(): number {
    return this.#client.mostAtOnce;
  }

  /**
   * Never rejects. A token that one environment does not know is tried in the other: only a token that neither
   * knows is not valid, so that a wrong `environment` ends no subscription.
   */
  async send(recipient: Addressee, message: Message): Promise<Outcome> {
    const first = this.#environmentOf(recipient);
    const verdict = await this.#post(first, recipient.token, message);
    if (verdict.about !== 'unknown-token' || this.#settings.address.kind !== 'provider')
      return verdict.outcome;
    const other = first === 'production' ? 'sandbox' : 'production';
    const second = await this.#post(other, recipient.token, message);
    // These credentials are for one environment, and it does not know the token.
    return second.about === 'settings' ? verdict.outcome : second.outcome;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Xcode's builds get tokens of the sandbox; those for testers (`test_type` 2) have tokens as in the store. */
  #environmentOf({ device }: Addressee): ApnsEnvironment {
    return device?.['test_type'] === 1 ? 'sandbox' : this.#settings.environment;
  }

  async #post(environment: ApnsEnvironment, device: string, message: Message): Promise<ApnsVerdict> {
    const token = this.#tokens?.current() ?? null;
    const verdict = await this.#postWith(token, environment, device, message);
    if (verdict.about !== 'expired' || token === null) return verdict;
    const another = this.#tokens?.another(token) ?? null;
    return another === null ? verdict : this.#postWith(another, environment, device, message);
  }

  async #postWith(
    token: string | null,
    environment: ApnsEnvironment,
    device: string,
    { headers, body }: Message,
  ): Promise<ApnsVerdict> {
    const { address } = this.#settings;
    try {
      const answer = await this.#client.request({
        method: 'POST',
        origin: address.kind === 'provider' ? this.#origins[environment] : address.origin,
        path: `/3/device/${device}`,
        headers: token === null ? headers : { ...headers, authorization: `bearer ${token}` },
        body,
        timeoutMs: TIMEOUT_MS,
        mostBytes: LARGEST_ANSWER,
      });
      return readApnsAnswer(answer, this.#clock.now());
    } catch (error) {
      return { about: 'later', outcome: outcomeOfFault(error, 'APNs') };
    }
  }
}

function identityOf({ p12, p12Password, certificate, privateKey }: ApnsCertificateSettings) {
  return {
    ...(p12 !== null && { pfx: Buffer.from(p12, 'base64'), passphrase: p12Password ?? '' }),
    ...(certificate !== null && { cert: certificate }),
    ...(privateKey !== null && { key: privateKey }),
  };
}
