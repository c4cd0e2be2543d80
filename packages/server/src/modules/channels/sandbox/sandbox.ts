import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import { Coalescer } from '../../../platform/database/coalescer.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import { Bell } from './inbox/bell.ts';
import type { MessageBox } from './inbox/message-box.ts';
import { PersonActions } from './inbox/person-actions.ts';
import { createTellApps } from './mail-apis/tell-apps.ts';
import { FateReporter } from './mail/report-fates.ts';
import { createReturnMail, isBounceAddress } from './mail/return-mail.ts';
import { createTellPlatform } from './mail/tell-platform.ts';
import type { TellMailNews } from './mail/mail-news.ts';
import type { SandboxPlaces } from './places.ts';
import type { PlatformOfSandbox } from './platform-of-sandbox.ts';
import { startReceivers } from './receivers.ts';
import type { Receivers, ReceiversOptions } from './receivers.ts';
import {
  arrivingBrowserPush,
  arrivingDevicePush,
  arrivingMail,
  arrivingSms,
  withDeliveries,
} from './take-in.ts';
import type { Arriving } from './take-in.ts';

export interface SandboxOptions extends Omit<ReceiversOptions, 'take' | 'isGone'> {
  readonly clock: Clock;
  readonly signer: TokenSigner;
  readonly box: MessageBox;
  /** Most messages that are kept: the oldest go first. */
  readonly keeps: number;
  /** Null: the sandbox stands alone, and what arrives is nobody's. */
  readonly platform: PlatformOfSandbox | null;
}

const BATCHES = { inFlight: 2, largest: 200 };
/** So long another process may go on with a device that was given up here. */
const GONE = { lifeMs: 1_000, most: 1 };

/** Receivers that keep what arrives, and what its people can do about it. */
export class Sandbox {
  readonly box: MessageBox;
  readonly bell: Bell;
  readonly actions: PersonActions;
  readonly #receivers: Receivers;
  readonly #reporter: FateReporter | null;

  private constructor(
    { box, clock, platform }: SandboxOptions,
    tellMailNews: TellMailNews | null,
    bell: Bell,
    receivers: Receivers,
    reporter: FateReporter | null,
    onUninstall: () => void,
  ) {
    this.box = box;
    this.bell = bell;
    this.actions = new PersonActions({ box, clock, platform, tellMailNews, onUninstall, ...receivers });
    this.#receivers = receivers;
    this.#reporter = reporter;
  }

  /** Begins to listen. Rejects when a port that was chosen is taken. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const { box, clock, platform } = options;
    const bell = new Bell(clock);
    let mailApisOrigin = '';
    const tellMailNews = platform === null ? null : tellingTo(platform, options, () => mailApisOrigin);
    const reporter = tellMailNews === null ? null : new FateReporter({ ...options, tell: tellMailNews });
    const arriving = new Coalescer<Arriving, void>({
      ...BATCHES,
      flush: async (batch) => {
        await box.insert(await withDeliveries(batch, platform), options.keeps);
        bell.ring();
        return batch.map(() => undefined);
      },
    });
    const gone = new ShortMemory(clock, GONE, async () => {
      const tokens = (await box.uninstalled()).map(({ recipient }) => recipient);
      return tokens.length === 0 ? NOBODY : new Set(tokens);
    });
    const receivers = await startReceivers({
      ...options,
      isGone: async (token) => (await gone.get(''))?.has(token) ?? false,
      take: {
        async mail(mail) {
          await arriving.submit(arrivingMail(mail, platform));
          reporter?.wake();
        },
        devicePush: (push) => arriving.submit(arrivingDevicePush(push)),
        browserPush: (push) => arriving.submit(arrivingBrowserPush(push)),
        sms: (sms) => arriving.submit(arrivingSms(sms, platform)),
      },
    });
    ({ mailApisOrigin } = receivers.places);
    reporter?.wake();
    return new Sandbox(options, tellMailNews, bell, receivers, reporter, () => gone.clear());
  }

  get places(): SandboxPlaces {
    return this.#receivers.places;
  }

  async stop(): Promise<void> {
    await this.#receivers.close();
    await this.#reporter?.stop();
  }
}

function tellingTo(platform: PlatformOfSandbox, options: SandboxOptions, origin: () => string): TellMailNews {
  const { signer, clock } = options;
  const tellPlatform = createReturnMail({
    ...options,
    isReturned: isBounceAddress(signer, clock),
    bouncePlace: () => platform.bouncePlace(),
    tell: createTellPlatform({ ...options, platformUrl: () => platform.url() }),
  });
  return createTellApps({ ...options, platform, origin, tellPlatform });
}

const NOBODY: ReadonlySet<string> = new Set();
