import type { Clock } from '../../../../platform/clock.ts';
import { inGroups } from '../../../../platform/in-groups.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../../channel.ts';
import { HttpsWays } from '../https-ways.ts';
import { PerAccount } from '../per-account.ts';
import type { PushChannelOptions } from '../per-account.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { isToken, NO_TOKEN } from '../token-form.ts';
import type { HuaweiSettings } from './huawei-account.ts';
import { huaweiMessageOf } from './huawei-message.ts';
import { HuaweiService } from './huawei-service.ts';

type Account = ProviderAccount<HuaweiSettings>;
type Push = Envelope<RenderedPush>;

/** While one handful is on its way, the next one is recorded and rendered, and the last one closed. */
const HANDFULS = 5;

/**
 * Push to Huawei's devices, through Push Kit's REST API. Those who get the same message get it with one request.
 * Huawei knows no key for a repeated hand-over: the message's id in `custom` tells one.
 */
export class HuaweiChannel implements Channel<RenderedPush, HuaweiSettings> {
  readonly name = 'huawei_push';
  readonly #clock: Clock;
  readonly #ways: HttpsWays;
  readonly #services: PerAccount<HuaweiSettings, HuaweiService>;

  constructor(options: PushChannelOptions) {
    this.#clock = options.clock;
    this.#ways = new HttpsWays(options);
    this.#services = new PerAccount(
      (settings) => new HuaweiService(options.clock, this.#ways.to(settings.address), settings),
    );
  }

  capacity(account: Account): number {
    return this.#services.of(account).mostAtOnce * HANDFULS;
  }

  deliver(account: Account, page: readonly Push[]): Promise<Outcome[]> {
    const service = this.#services.of(account);
    const now = this.#clock.now();
    const written = page.map((envelope) => ({
      token: envelope.recipient.token,
      message: write(envelope, now),
    }));
    return inGroups(
      written,
      ({ message }) => message,
      async (message, together): Promise<readonly Outcome[]> => {
        const tokens = together.map(({ token }) => token);
        return typeof message === 'string' ? service.send(message, tokens) : tokens.map(() => message);
      },
    );
  }

  async close(): Promise<void> {
    await this.#services.close();
    this.#ways.close();
  }
}

/** The JSON of a message, or what becomes of one that cannot be written. */
function write(envelope: Push, now: number): string | Outcome {
  if (!isToken(envelope.recipient.token)) return NO_TOKEN;
  const message = huaweiMessageOf(envelope, now);
  return message.ok ? message.text : { state: 'failed', reason: message.reason };
}
