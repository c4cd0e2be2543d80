import type { AppChannels } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox, TokenSigner } from '../../platform/crypto/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Partitions } from '../../platform/database/partitions.ts';
import type { Routes } from '../../platform/http/route.ts';
import type { Logger } from '../../platform/log.ts';
import type { AppProvider, Channel } from './channel.ts';
import type { ReadDeliveryHistory, RecordDeliveryEvents } from './delivery-event.ts';
import type { EmailSettings } from './email/email-account.ts';
import { EmailChannel } from './email/email-channel.ts';
import { emailReportRoutes } from './email/reports/routes.ts';
import { AppCredentials } from './app-credentials/app-credentials.ts';
import { createPushChannels } from './push/push-channels.ts';
import type { ObeyKeyword } from './sms/inbound/inbound-sms.ts';
import type { SenderVerdict } from './sms/opt-outs/judge-senders.ts';
import { TextMessages } from './sms/text-messages.ts';
import type { TextToJudge } from './sms/text-messages.ts';
import type { RecordReceipts } from './sms/smpp/smpp-client.ts';
import { KINDS } from './kinds.ts';
import { NullChannel } from './null-channel.ts';
import { ProviderAccounts } from './provider-accounts/provider-accounts.ts';
import type { AnyAccount, WaitingForDays } from './provider-accounts/provider-accounts.ts';
import { ProviderHealth } from './provider-accounts/provider-health.ts';
import { quotaOf } from './provider-accounts/provider-quota.ts';
import { providerAccountRoutes } from './provider-accounts/routes.ts';
import { providerEventsRoutes } from './provider-events/routes.ts';
import type { RenderedEmail } from './email/rendered-email.ts';
import type { RenderedPush } from './push/rendered-push.ts';
import { routesOfSandbox } from './sandbox/all-routes.ts';
import { FallbackAccounts } from './sandbox/fallback-accounts.ts';
import type { SandboxPlaces } from './sandbox/places.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { RenderedSms } from './sms/rendered-sms.ts';
import { suppressionRoutes } from './suppressions/routes.ts';
import { Suppressions } from './suppressions/suppressions.ts';
import { Tracker } from './tracking/tracker.ts';
import { trackingRoutes } from './tracking/routes.ts';
import { UnsubscribeLinks } from './tracking/unsubscribe-links.ts';
import { unsubscribeRoutes } from './tracking/unsubscribe-routes.ts';
import type { Unsubscribe } from './tracking/unsubscribe-routes.ts';
import { TRANSPORTS } from './transport.ts';
import type { PushTransport, Transport } from './transport.ts';

export interface ChannelsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly box: SecretBox;
  readonly signer: TokenSigner;
  /** Where recipients reach this server. A function, because a free port is known only once it is taken. */
  readonly publicUrl: () => string;
  /** What stands behind the @ of Message-IDs: a domain of the operator's that stays the same. */
  readonly messageIdDomain: string;
  /** Ranges that URLs of apps may lead to although they are not public. */
  readonly outboundAllowed: readonly string[];
  readonly partitions: Partitions;
  /** Who waits for the next day of a warm-up plan. */
  readonly waiting: WaitingForDays;
  /** Called after the feed has grown. */
  readonly onNews: () => void;
  /** Does what a person has texted. */
  readonly obeyKeyword: ObeyKeyword;
  /** Takes in what an SMSC tells of text messages. */
  readonly recordReceipts: RecordReceipts;
  /** Where the receivers of the sandbox listen, or null without a sandbox. */
  readonly sandbox: SandboxPlaces | null;
}

export interface ChannelRoutesOptions {
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly readDeliveryHistory: ReadDeliveryHistory;
  readonly unsubscribe: Unsubscribe;
  /** What the sandbox of this process has received; null without a sandbox. */
  readonly sandbox: Sandbox | null;
  /** True: the sandbox's page and API answer everyone and not only this machine. */
  readonly sandboxOpenToAll: boolean;
}

/** The channels of one process: what sends, through whom, and the routes for what comes back. */
export class Channels {
  readonly email: EmailChannel;
  readonly accounts: ProviderAccounts;
  /** What the wire has among an app's settings. */
  readonly credentials: AppCredentials;
  readonly health: ProviderHealth;
  readonly suppressions: Suppressions;
  readonly #options: ChannelsOptions;
  /** Tokens of `subscription.unsubscribe_token`. */
  readonly unsubscribeLinks: UnsubscribeLinks;
  readonly #tracker: Tracker;
  readonly #texts: TextMessages;
  /** What speaks to each kind of provider; those of the kind `null` are dropped without it. */
  readonly #speaking: ReadonlyMap<Transport, Channel<never, never>>;
  readonly #nulls = new Map(TRANSPORTS.map((transport) => [transport, new NullChannel(transport)]));

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#tracker = new Tracker(options);
    this.unsubscribeLinks = new UnsubscribeLinks(options);
    const { unsubscribeLinks } = this;
    this.email = new EmailChannel({
      ...options,
      tracker: this.#tracker,
      unsubscribeLinks,
      sandboxOrigin: options.sandbox?.mailApisOrigin ?? null,
    });
    this.#texts = new TextMessages(options);
    const { sandbox } = options;
    const fallback = sandbox === null ? null : new FallbackAccounts(sandbox, options.signer);
    const speaking: Channel<never, never>[] = [
      this.email,
      this.#texts.channel,
      ...createPushChannels(options),
    ];
    this.#speaking = new Map(speaking.map((channel) => [channel.name, channel]));
    this.health = new ProviderHealth(options);
    this.suppressions = new Suppressions(options);
    this.accounts = new ProviderAccounts({
      ...options,
      kinds: KINDS,
      fallback: (appId, transport) => fallback?.of(appId, transport) ?? null,
      onChange: (appId, transport) => {
        if (transport === 'sms') this.#texts.attendTo(this.accounts, appId);
      },
    });
    this.credentials = new AppCredentials(this.accounts);
  }

  routes(receivers: ChannelRoutesOptions): Routes[] {
    const routes = [
      ...providerAccountRoutes(this.accounts, this.health),
      suppressionRoutes(this.suppressions),
      trackingRoutes({ ...this.#options, ...receivers, tracker: this.#tracker }),
      unsubscribeRoutes({ ...this.#options, ...receivers, links: this.unsubscribeLinks }),
      providerEventsRoutes({ ...this.#options, ...receivers }),
      emailReportRoutes({
        ...this.#options,
        ...receivers,
        reachOf: (settings) => this.email.reachOf(settings),
        settingsOf: async (appId) =>
          (await this.accounts.of(appId, 'email')).map(({ settings }) => settings as EmailSettings),
      }),
      ...this.#texts.routes(this.accounts, receivers),
    ];
    const { sandbox, sandboxOpenToAll: openToAll, readDeliveryHistory } = receivers;
    if (sandbox === null) return routes;
    const { clock } = this.#options;
    return [...routes, ...routesOfSandbox(sandbox, { clock, readDeliveryHistory, openToAll })];
  }

  /** Through whom an app sends email now, in ascending order; none when nobody is set up. */
  emailProviders(appId: string): Promise<readonly AppProvider<RenderedEmail>[]> {
    return this.#through<RenderedEmail>(appId, 'email');
  }

  /** Through whom an app reaches a kind of device now, in ascending order; none when nobody is set up. */
  pushProviders(appId: string, transport: PushTransport): Promise<readonly AppProvider<RenderedPush>[]> {
    return this.#through<RenderedPush>(appId, transport);
  }

  /** Through whom an app sends text messages now, in ascending order; none when nobody is set up. */
  smsProviders(appId: string): Promise<readonly AppProvider<RenderedSms>[]> {
    return this.#through<RenderedSms>(appId, 'sms');
  }

  /** What opt-outs from single senders leave of whom a text may go through, by the numbers that it is for. */
  judgeSmsSenders(text: TextToJudge): Promise<ReadonlyMap<string, SenderVerdict>> {
    return this.#texts.judgeSenders(this.accounts, text);
  }

  /** Through whom an app sends by this way now, whatever its messages are made of. */
  providers(appId: string, transport: Transport): Promise<readonly AppProvider<unknown>[]> {
    return this.#through<unknown>(appId, transport);
  }

  /** Binds a session for every app whose provider has any: what people text comes before the first message goes. */
  attend(): Promise<void> {
    return this.#texts.attend(this.accounts);
  }

  /** By channel: whether an app can send through it, and to which platforms. */
  async of(appId: string): Promise<AppChannels> {
    const set = await Promise.all(
      TRANSPORTS.map(async (transport) =>
        (await this.accounts.of(appId, transport)).length === 0 ? [] : [transport],
      ),
    );
    const usable = new Set(set.flat());
    const among = (...transports: readonly Transport[]) => {
      const platforms = transports
        .filter((transport) => usable.has(transport))
        .map((transport) => transport.replace(/_push$/, ''));
      return { enabled: platforms.length > 0, platforms };
    };
    return {
      push: among('web_push', 'ios_push', 'android_push', 'huawei_push', 'amazon_push'),
      email: among('email'),
      sms: among('sms'),
    };
  }

  /** Closes the connections to providers. */
  async close(): Promise<void> {
    await Promise.all([...this.#speaking.values()].map((channel) => channel.close()));
    await this.health.settled();
  }

  async #through<Content>(appId: string, transport: Transport): Promise<AppProvider<Content>[]> {
    const accounts = await this.accounts.of(appId, transport);
    return accounts.map((account) => {
      const { name, order, weight, warmUp, domainLimits } = account;
      const place = { appId, channel: transport, name };
      const quota = warmUp === null ? null : quotaOf(warmUp, place, this.#options);
      return {
        name,
        order,
        weight,
        quota,
        domainLimits,
        channel: this.#channelFor(transport, account),
        account,
      };
    });
  }

  #channelFor(transport: Transport, { settings }: AnyAccount): Channel<unknown, unknown> {
    // Email's own knows of copies.
    const drops = settings.kind === 'null' && transport !== 'email';
    const channel = (drops ? this.#nulls : this.#speaking).get(transport);
    if (channel === undefined) throw new Error(`no channel for ${settings.kind} of ${transport}`);
    return channel;
  }
}
