import type { Clock } from '../../../../platform/clock.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../../channel.ts';
import { PerAccount } from '../per-account.ts';
import type { PushChannelOptions } from '../per-account.ts';
import type { RenderedPush } from '../rendered-push.ts';
import type { FcmSettings } from './fcm-account.ts';
import { fcmMessageOf } from './fcm-message.ts';
import { FcmService } from './fcm-service.ts';

type Account = ProviderAccount<FcmSettings>;
type Push = Envelope<RenderedPush>;

/** While one handful is on its way, the next one is recorded and rendered, and the last one closed. */
const HANDFULS = 5;

/**
 * Push to Android devices, through FCM's HTTP v1 API. FCM knows no key for a repeated hand-over: the app's SDK
 * shows a message once, by the id in `custom`.
 */
export class FcmChannel implements Channel<RenderedPush, FcmSettings> {
  readonly name = 'android_push';
  readonly #clock: Clock;
  readonly #services: PerAccount<FcmSettings, FcmService>;

  constructor(options: PushChannelOptions) {
    this.#clock = options.clock;
    this.#services = new PerAccount((settings) => new FcmService(options, settings));
  }

  capacity(account: Account): number {
    return this.#services.of(account).mostAtOnce * HANDFULS;
  }

  deliver(account: Account, page: readonly Push[]): Promise<Outcome[]> {
    const service = this.#services.of(account);
    return Promise.all(
      page.map((envelope) =>
        service.turns.run((): Promise<Outcome> => {
          const message = fcmMessageOf(envelope, this.#clock.now());
          if (message.ok) return service.send(message.body);
          return Promise.resolve({ state: 'failed', reason: message.reason });
        }),
      ),
    );
  }

  close(): Promise<void> {
    return this.#services.close();
  }
}
