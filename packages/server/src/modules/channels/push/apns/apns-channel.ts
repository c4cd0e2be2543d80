import type { Channel, Envelope, Outcome, ProviderAccount } from '../../channel.ts';
import { PerAccount } from '../per-account.ts';
import type { RenderedPush } from '../rendered-push.ts';
import type { ApnsSettings } from './apns-account.ts';
import { apnsMessageOf } from './apns-message.ts';
import { ApnsService } from './apns-service.ts';
import type { ApnsOptions } from './apns-service.ts';

type Account = ProviderAccount<ApnsSettings>;
type Push = Envelope<RenderedPush>;

/** While one handful is on its way, the next one is recorded and rendered, and the last one closed. */
const HANDFULS = 5;

/** Apple's tokens have 64 digits today, and may have up to 200. */
const DEVICE_TOKEN = /^(?:[0-9a-f]{2}){32,100}$/i;

const NO_TOKEN: Outcome = {
  state: 'failed',
  reason: 'the token of the subscription is no device token: those have 64 hexadecimal digits or more',
  address: { notificationTypes: -10 },
};

/** Push to Apple's devices, through APNs over HTTP/2. */
export class ApnsChannel implements Channel<RenderedPush, ApnsSettings> {
  readonly name = 'ios_push';
  readonly #services: PerAccount<ApnsSettings, ApnsService>;

  constructor(options: ApnsOptions) {
    this.#services = new PerAccount((settings) => new ApnsService(options, settings));
  }

  capacity(account: Account): number {
    return this.#services.of(account).mostAtOnce * HANDFULS;
  }

  deliver(account: Account, page: readonly Push[]): Promise<Outcome[]> {
    const service = this.#services.of(account);
    return Promise.all(
      page.map((envelope) => service.turns.run(() => send(service, account.settings, envelope))),
    );
  }

  close(): Promise<void> {
    return this.#services.close();
  }
}

function send(service: ApnsService, settings: ApnsSettings, envelope: Push): Promise<Outcome> {
  if (!DEVICE_TOKEN.test(envelope.recipient.token)) return Promise.resolve(NO_TOKEN);
  const message = apnsMessageOf(envelope, settings);
  if (message.ok) return service.send(envelope.recipient, message);
  return Promise.resolve({ state: 'failed', reason: message.reason });
}
