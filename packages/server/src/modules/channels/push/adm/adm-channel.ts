import type { Clock } from '../../../../platform/clock.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../../channel.ts';
import { HttpsWays } from '../https-ways.ts';
import { PerAccount } from '../per-account.ts';
import type { PushChannelOptions } from '../per-account.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { isToken, NO_TOKEN } from '../token-form.ts';
import type { AdmSettings } from './adm-account.ts';
import { admMessageOf } from './adm-message.ts';
import { AdmService } from './adm-service.ts';

type Account = ProviderAccount<AdmSettings>;
type Push = Envelope<RenderedPush>;

/** While one handful is on its way, the next one is recorded and rendered, and the last one closed. */
const HANDFULS = 5;

/**
 * Push to Amazon's devices, through ADM's REST API: a request for each. ADM knows no key for a repeated hand-over:
 * the app's SDK shows a message once, by the id in `custom`.
 */
export class AdmChannel implements Channel<RenderedPush, AdmSettings> {
  readonly name = 'amazon_push';
  readonly #clock: Clock;
  readonly #ways: HttpsWays;
  readonly #services: PerAccount<AdmSettings, AdmService>;

  constructor(options: PushChannelOptions) {
    this.#clock = options.clock;
    this.#ways = new HttpsWays(options);
    this.#services = new PerAccount(
      (settings) => new AdmService(options.clock, this.#ways.to(settings.address), settings),
    );
  }

  capacity(account: Account): number {
    return this.#services.of(account).mostAtOnce * HANDFULS;
  }

  deliver(account: Account, page: readonly Push[]): Promise<Outcome[]> {
    const service = this.#services.of(account);
    return Promise.all(page.map((envelope) => service.turns.run(() => this.#send(service, envelope))));
  }

  async close(): Promise<void> {
    await this.#services.close();
    this.#ways.close();
  }

  async #send(service: AdmService, envelope: Push): Promise<Outcome> {
    const { token } = envelope.recipient;
    if (!isToken(token)) return NO_TOKEN;
    const message = admMessageOf(envelope, this.#clock.now());
    return message.ok ? service.send(token, message.body) : { state: 'failed', reason: message.reason };
  }
}
