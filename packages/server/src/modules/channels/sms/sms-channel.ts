import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { Outbound } from '../../../platform/outbound/index.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import type { TakeInboundSms } from './inbound-sms.ts';
import type { RenderedSms } from './rendered-sms.ts';
import type { SmsSettings } from './sms-account.ts';
import type { SmppSettings } from './smpp/smpp-account.ts';
import { SmppClient } from './smpp/smpp-client.ts';
import type { RecordReceipts } from './smpp/smpp-client.ts';
import type { StatusLinks } from './twilio/status-links.ts';
import { TwilioClient } from './twilio/twilio-client.ts';
import type { TwilioSettings } from './twilio/twilio-account.ts';

export interface SmsChannelOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ranges that are reachable although they are not public. */
  readonly outboundAllowed: readonly string[];
  /** The base address of the sandbox's Twilio, which is on this machine, or null. */
  readonly sandboxOrigin?: string | null;
  readonly statusLinks: StatusLinks;
  readonly recordReceipts: RecordReceipts;
  readonly takeInboundSms: TakeInboundSms;
}

/** While some wait for their answer, the next ones are recorded, read and rendered. */
const HANDFULS = 5;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
/** Twilio needs no connection of its own for each account: what is known of one is only worth keeping. */
const MOST_CLIENTS = 1_000;

/** Text messages, through whichever kind of provider the account names. */
export class SmsChannel implements Channel<RenderedSms, SmsSettings> {
  readonly name = 'sms';
  readonly #options: SmsChannelOptions;
  readonly #outbound: Outbound;
  /** Reaches this machine, and is asked for the sandbox alone. */
  readonly #sandbox = new Outbound(LOOPBACK);
  readonly #twilio = new Map<string, TwilioClient>();
  /** By app and provider: receipts and texts come over their session, and for nobody else. */
  readonly #smpp = new Map<string, { readonly key: string; readonly client: SmppClient }>();

  constructor(options: SmsChannelOptions) {
    this.#options = options;
    this.#outbound = new Outbound(options.outboundAllowed);
  }

  capacity({ settings }: ProviderAccount<SmsSettings>): number {
    switch (settings.kind) {
      case 'twilio':
        return settings.connections * HANDFULS;
      case 'smpp':
        return settings.window * HANDFULS;
    }
  }

  async deliver(
    account: ProviderAccount<SmsSettings>,
    page: readonly Envelope<RenderedSms>[],
  ): Promise<Outcome[]> {
    const { key, settings } = account;
    switch (settings.kind) {
      case 'twilio': {
        const client = this.#twilioOf(key, settings);
        return Promise.all(page.map((envelope) => client.send(envelope)));
      }
      case 'smpp':
        return Promise.all(
          page.map((envelope) =>
            this.#smppOf(envelope.content.appId, { ...account, settings }).send(envelope),
          ),
        );
    }
  }

  /**
   * Keeps an app's sessions bound from now on, if its providers have any, so that receipts and texts come before the
   * first message goes. Those of providers that it has no more end.
   */
  async attend(appId: string, accounts: readonly ProviderAccount<SmsSettings>[]): Promise<void> {
    const clients = accounts.flatMap(({ settings, ...account }) =>
      settings.kind === 'smpp' ? [this.#smppOf(appId, { ...account, settings })] : [],
    );
    const kept = new Set(
      accounts.filter(({ settings }) => settings.kind === 'smpp').map((account) => sessionOf(appId, account)),
    );
    const ofApp = [...this.#smpp].filter(([name]) => name.startsWith(`${appId} `));
    const gone = ofApp.filter(([name]) => !kept.has(name));
    for (const [name] of gone) this.#smpp.delete(name);
    await Promise.all([
      ...clients.map((client) => client.listen()),
      ...gone.map(([, { client }]) => client.close()),
    ]);
  }

  async close(): Promise<void> {
    this.#outbound.close();
    this.#sandbox.close();
    this.#twilio.clear();
    const clients = [...this.#smpp.values()];
    this.#smpp.clear();
    await Promise.all(clients.map(({ client }) => client.close()));
  }

  #twilioOf(key: string, settings: TwilioSettings): TwilioClient {
    const known = this.#twilio.get(key);
    if (known !== undefined) return known;
    if (this.#twilio.size >= MOST_CLIENTS) this.#twilio.clear();
    const outbound = settings.baseUrl === this.#options.sandboxOrigin ? this.#sandbox : this.#outbound;
    const client = new TwilioClient(settings, { ...this.#options, outbound });
    this.#twilio.set(key, client);
    return client;
  }

  #smppOf(appId: string, account: ProviderAccount<SmppSettings>): SmppClient {
    const { key, settings } = account;
    const name = sessionOf(appId, account);
    const known = this.#smpp.get(name);
    if (known?.key === key) return known.client;
    // Changed settings: what is under way there ends as the old session does.
    void known?.client.close();
    const client = new SmppClient(appId, settings, this.#options);
    this.#smpp.set(name, { key, client });
    return client;
  }
}

function sessionOf(appId: string, { name = 'main' }: Pick<ProviderAccount<unknown>, 'name'>): string {
  return `${appId} ${name}`;
}
