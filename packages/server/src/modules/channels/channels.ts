import type { AppChannels } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox, TokenSigner } from '../../platform/crypto/index.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import type { Logger } from '../../platform/log.ts';
import type { Channel, ChannelAccount, ProviderAccount } from './channel.ts';
import type { ReadDeliveryHistory, RecordDeliveryEvents } from './delivery-event.ts';
import type { EmailSettings } from './email/email-account.ts';
import { EmailChannel } from './email/email-channel.ts';
import { smtpKind } from './email/smtp-kind.ts';
import { NullChannel } from './null-channel.ts';
import { nullKind } from './provider-accounts/null-kind.ts';
import { ProviderAccounts } from './provider-accounts/provider-accounts.ts';
import type { AnyAccount } from './provider-accounts/provider-accounts.ts';
import type { AnyProviderKind } from './provider-accounts/provider-kind.ts';
import { ProviderHealth } from './provider-accounts/provider-health.ts';
import { providerAccountRoutes } from './provider-accounts/routes.ts';
import { providerEventsRoutes } from './provider-events/routes.ts';
import type { RenderedPush } from './push/rendered-push.ts';
import { sandboxPageRoutes } from './sandbox/page-routes.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { SandboxStore } from './sandbox/sandbox-store.ts';
import type { RenderedSms } from './sms/rendered-sms.ts';
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
  /** Where the sandbox's mail server listens, or null without a sandbox. */
  readonly sandbox: { readonly host: string; readonly smtpPort: () => number } | null;
}

/** How far a sandbox page may look. */
export interface ChannelRoutesOptions {
  readonly recordDeliveryEvents: RecordDeliveryEvents;
  readonly readDeliveryHistory: ReadDeliveryHistory;
  readonly unsubscribe: Unsubscribe;
  /** True: the sandbox's page and API answer everyone and not only this machine. */
  readonly sandboxOpenToAll: boolean;
}

const SANDBOX_CONNECTIONS = 5;

/** Every kind of provider that an app can send through. */
const KINDS: readonly AnyProviderKind[] = [smtpKind, ...TRANSPORTS.map(nullKind)];

/** The channels of one process: what sends, through whom, and the routes for what comes back. */
export class Channels {
  readonly email: EmailChannel;
  readonly accounts: ProviderAccounts;
  readonly health: ProviderHealth;
  readonly #options: ChannelsOptions;
  /** Tokens of `subscription.unsubscribe_token`. */
  readonly unsubscribeLinks: UnsubscribeLinks;
  readonly #tracker: Tracker;
  readonly #nulls = new Map(TRANSPORTS.map((transport) => [transport, new NullChannel(transport)]));

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#tracker = new Tracker(options);
    this.unsubscribeLinks = new UnsubscribeLinks(options);
    const { unsubscribeLinks } = this;
    this.email = new EmailChannel({ ...options, tracker: this.#tracker, unsubscribeLinks });
    this.health = new ProviderHealth(options);
    this.accounts = new ProviderAccounts({
      ...options,
      kinds: KINDS,
      fallback: (_, transport) => (transport === 'email' ? this.#sandboxAccount() : null),
    });
  }

  routes(receivers: ChannelRoutesOptions): Routes[] {
    const { database, sandbox } = this.#options;
    const routes = [
      ...providerAccountRoutes(this.accounts, this.health),
      trackingRoutes({ ...this.#options, ...receivers, tracker: this.#tracker }),
      unsubscribeRoutes({ ...this.#options, ...receivers, links: this.unsubscribeLinks }),
      providerEventsRoutes({ ...this.#options, ...receivers }),
    ];
    if (sandbox === null) return routes;
    const openToAll = receivers.sandboxOpenToAll;
    const store = new SandboxStore(database);
    const { readDeliveryHistory } = receivers;
    return [
      ...routes,
      sandboxRoutes({ store, readDeliveryHistory, openToAll }),
      sandboxPageRoutes({ openToAll }),
    ];
  }

  /** Through whom an app sends email now; null when nobody is set up. */
  async emailAccount(appId: string): Promise<ProviderAccount<EmailSettings> | null> {
    return (await this.accounts.of(appId, 'email')) as ProviderAccount<EmailSettings> | null;
  }

  /** Through whom an app reaches a kind of device now; null when nobody is set up. */
  push(appId: string, transport: PushTransport): Promise<ChannelAccount<RenderedPush> | null> {
    return this.#through<RenderedPush>(appId, transport);
  }

  /** Through whom an app sends text messages now; null when nobody is set up. */
  sms(appId: string): Promise<ChannelAccount<RenderedSms> | null> {
    return this.#through<RenderedSms>(appId, 'sms');
  }

  /** By channel: whether an app can send through it, and to which platforms. */
  async of(appId: string): Promise<AppChannels> {
    const set = await Promise.all(
      TRANSPORTS.map(async (transport) =>
        (await this.accounts.of(appId, transport)) === null ? [] : [transport],
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
    await this.email.close();
    await this.health.settled();
  }

  async #through<Content>(appId: string, transport: Transport): Promise<ChannelAccount<Content> | null> {
    const account = await this.accounts.of(appId, transport);
    if (account === null) return null;
    return { channel: this.#channelFor(transport, account), account };
  }

  #channelFor(transport: Transport, { settings }: AnyAccount): Channel<unknown, unknown> {
    const channel = this.#nulls.get(transport);
    if (channel === undefined) throw new Error(`no channel for ${settings.kind} of ${transport}`);
    return channel;
  }

  #sandboxAccount(): ProviderAccount<EmailSettings> | null {
    const { sandbox } = this.#options;
    if (sandbox === null) return null;
    const port = sandbox.smtpPort();
    return {
      key: `sandbox ${port}`,
      settings: {
        kind: 'smtp',
        host: sandbox.host,
        port,
        security: 'none',
        user: null,
        password: null,
        connections: SANDBOX_CONNECTIONS,
        fromName: 'Carillon',
        fromAddress: 'hello@carillon.example',
      },
    };
  }
}
