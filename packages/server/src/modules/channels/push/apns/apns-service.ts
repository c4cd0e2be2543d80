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

/** One message on its way to one of Apple's services. */
interface Asked {
  /** Null where a certificate speaks for the account. */
  readonly token: string | null;
  readonly environment: ApnsEnvironment;
  readonly device: string;
  readonly message: Message;
}

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
  send(recipient: Addressee, message: Message): Promise<Outcome> {
    const asked: Asked = {
      token: this.#tokens?.current() ?? null,
      environment: this.#environmentOf(recipient),
      device: recipient.token,
      message,
    };
    return this.#ask(asked).then((verdict) =>
      verdict.about === 'expired' || verdict.about === 'unknown-token'
        ? this.#askAgain(asked, verdict)
        : verdict.outcome,
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** Xcode's builds get tokens of the sandbox; those for testers (`test_type` 2) have tokens as in the store. */
  #environmentOf({ device }: Addressee): ApnsEnvironment {
    return device?.['test_type'] === 1 ? 'sandbox' : this.#settings.environment;
  }

  async #askAgain(asked: Asked, refused: ApnsVerdict): Promise<Outcome> {
    const another = refused.about === 'expired' ? this.#anotherToken(asked.token) : null;
    const verdict = another === null ? refused : await this.#ask({ ...asked, token: another });
    if (verdict.about !== 'unknown-token' || this.#settings.address.kind !== 'provider')
      return verdict.outcome;
    const token = this.#tokens?.current() ?? null;
    const environment = asked.environment === 'production' ? 'sandbox' : 'production';
    const elsewhere = await this.#ask({ ...asked, token, environment });
    // These credentials are for one environment, and it does not know the token.
    return elsewhere.about === 'settings' ? verdict.outcome : elsewhere.outcome;
  }

  #anotherToken(refused: string | null): string | null {
    return refused === null ? null : (this.#tokens?.another(refused) ?? null);
  }

  #ask({ token, environment, device, message }: Asked): Promise<ApnsVerdict> {
    const { address } = this.#settings;
    const { headers, body } = message;
    return this.#client
      .request({
        method: 'POST',
        origin: address.kind === 'provider' ? this.#origins[environment] : address.origin,
        path: `/3/device/${device}`,
        headers: token === null ? headers : { ...headers, authorization: token },
        body,
        timeoutMs: TIMEOUT_MS,
        mostBytes: LARGEST_ANSWER,
      })
      .then(
        (answer) => readApnsAnswer(answer, this.#clock.now()),
        (error: unknown) => ({ about: 'later', outcome: outcomeOfFault(error, 'APNs') }),
      );
  }
}

function identityOf({ p12, p12Password, certificate, privateKey }: ApnsCertificateSettings) {
  return {
    ...(p12 !== null && { pfx: Buffer.from(p12, 'base64'), passphrase: p12Password ?? '' }),
    ...(certificate !== null && { cert: certificate }),
    ...(privateKey !== null && { key: privateKey }),
  };
}
