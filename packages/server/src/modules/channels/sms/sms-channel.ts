import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { Outbound } from '../../../platform/outbound/index.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import type { InboundSms, TakeInboundSms } from './inbound/inbound-sms.ts';
import { sendReply } from './inbound/send-reply.ts';
import type { RenderedSms } from './rendered-sms.ts';
import type { SmsSettings } from './sms-account.ts';
import type { SmppSettings } from './smpp/smpp-account.ts';
import { SmppClient } from './smpp/smpp-client.ts';
import type { RecordReceipts } from './smpp/smpp-client.ts';
import type { StatusLinks } from './status-links.ts';
import { SnsClient } from './sns/sns-client.ts';
import { TwilioClient } from './twilio/twilio-client.ts';
import { VonageClient } from './vonage/vonage-client.ts';

export interface SmsChannelOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ranges that are reachable although they are not public. */
  readonly outboundAllowed: readonly string[];
  /** The base addresses of the sandbox's providers, which are on this machine. */
  readonly sandboxOrigins?: readonly string[];
  readonly statusLinks: StatusLinks;
  readonly recordReceipts: RecordReceipts;
  readonly takeInboundSms: TakeInboundSms;
}

/** Those that are spoken to with one request for each message. */
type WebSettings = Exclude<SmsSettings, SmppSettings>;
type WebClient = TwilioClient | VonageClient | SnsClient;

/** While some wait for their answer, the next ones are recorded, read and rendered. */
const HANDFULS = 5;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
/** These need no connection of their own for each account: what is known of one is only worth keeping. */
const MOST_CLIENTS = 1_000;

/** Text messages, through whichever kind of provider the account names. */
export class SmsChannel implements Channel<RenderedSms, SmsSettings> {
  readonly name = 'sms';
  readonly #options: SmsChannelOptions;
  readonly #outbound: Outbound;
  /** Reaches this machine, and is asked for the sandbox alone. */
  readonly #sandbox = new Outbound(LOOPBACK);
  /** By account. */
  readonly #web = new Map<string, WebClient>();
  /** By app and provider: receipts and texts come over their session, and for nobody else. */
  readonly #smpp = new Map<string, { readonly key: string; readonly client: SmppClient }>();

  constructor(options: SmsChannelOptions) {
    this.#options = options;
    this.#outbound = new Outbound(options.outboundAllowed);
  }

  capacity({ settings }: ProviderAccount<SmsSettings>): number {
    switch (settings.kind) {
      case 'twilio':
      case 'vonage':
      case 'sns':
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
      case 'twilio':
      case 'vonage':
      case 'sns': {
        const client = this.#webOf(key, settings);
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

  /**
   * Sends an answer to what a person has texted, through the account that it came from. Twilio and SMPP answer in the
   * words of their protocols; SNS tells of no texts.
   */
  async reply({ key, settings }: ProviderAccount<SmsSettings>, sms: InboundSms, text: string): Promise<void> {
    if (settings.kind !== 'vonage') return;
    const client = this.#webOf(key, settings);
    if (!(client instanceof VonageClient)) return;
    await sendReply(sms, text, (envelope) => client.reply(envelope), this.#options.log);
  }

  async close(): Promise<void> {
    this.#outbound.close();
    this.#sandbox.close();
    this.#web.clear();
    const clients = [...this.#smpp.values()];
    this.#smpp.clear();
    await Promise.all(clients.map(({ client }) => client.close()));
  }

  #webOf(key: string, settings: WebSettings): WebClient {
    const known = this.#web.get(key);
    if (known !== undefined) return known;
    if (this.#web.size >= MOST_CLIENTS) this.#web.clear();
    const client = this.#openWeb(settings);
    this.#web.set(key, client);
    return client;
  }

  #openWeb(settings: WebSettings): WebClient {
    const isOfSandbox = this.#options.sandboxOrigins?.includes(settings.baseUrl) ?? false;
    const options = { ...this.#options, outbound: isOfSandbox ? this.#sandbox : this.#outbound };
    switch (settings.kind) {
      case 'twilio':
        return new TwilioClient(settings, options);
      case 'vonage':
        return new VonageClient(settings, options);
      case 'sns':
        return new SnsClient(settings, options);
    }
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
