import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import type { Routes } from '../../../platform/http/route.ts';
import type { Logger } from '../../../platform/log.ts';
import type { ProviderAccount } from '../channel.ts';
import type { RecordDeliveryEvents } from '../delivery-event.ts';
import type { AnyAccount, ProviderAccounts } from '../provider-accounts/provider-accounts.ts';
import type { SandboxPlaces } from '../sandbox/places.ts';
import type { ObeyKeyword, TakeInboundSms } from './inbound/inbound-sms.ts';
import { createInboundDesk } from './inbound/take-inbound-sms.ts';
import { AppKeywords } from './keywords/app-keywords.ts';
import { keywordRoutes } from './keywords/routes.ts';
import { OptOuts } from './opt-outs/opt-outs.ts';
import type { SenderVerdict } from './opt-outs/judge-senders.ts';
import { optOutRoutes } from './opt-outs/routes.ts';
import type { SmsSettings } from './sms-account.ts';
import { SmsChannel } from './sms-channel.ts';
import type { RecordReceipts } from './smpp/smpp-client.ts';
import { StatusLinks } from './status-links.ts';
import { twilioRoutes } from './twilio/routes.ts';
import { vonageRoutes } from './vonage/routes.ts';

export interface TextMessagesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: TokenSigner;
  readonly publicUrl: () => string;
  readonly outboundAllowed: readonly string[];
  readonly partitions: Partitions;
  /** Called after the feed has grown. */
  readonly onNews: () => void;
  /** Does what a person has texted. */
  readonly obeyKeyword: ObeyKeyword;
  /** Takes in what an SMSC tells of text messages. */
  readonly recordReceipts: RecordReceipts;
  readonly sandbox: SandboxPlaces | null;
}

/** A text of an app, as far as it matters for who may be written to. */
export interface TextToJudge {
  readonly appId: string;
  /** What it names as its sender. */
  readonly from: string | null;
  readonly numbers: readonly string[];
}

/** Text messages both ways: what sends them, what people text, and the words that they text. */
export class TextMessages {
  readonly channel: SmsChannel;
  readonly #options: TextMessagesOptions;
  readonly #statusLinks: StatusLinks;
  readonly #keywords: AppKeywords;
  readonly #optOuts: OptOuts;
  readonly #takeInboundSms: TakeInboundSms;
  /** Sessions with SMSCs are kept bound, for what comes over them. */
  #isAttending = false;

  constructor(options: TextMessagesOptions) {
    const { sandbox } = options;
    this.#options = options;
    this.#statusLinks = new StatusLinks(options);
    this.#keywords = new AppKeywords(options);
    this.#optOuts = new OptOuts({ ...options, keywords: this.#keywords });
    this.#takeInboundSms = createInboundDesk({
      ...options,
      optOuts: this.#optOuts,
      keywords: this.#keywords,
      obey: options.obeyKeyword,
    });
    this.channel = new SmsChannel({
      ...options,
      sandboxOrigins: sandbox === null ? [] : [sandbox.twilioOrigin, sandbox.vonageOrigin, sandbox.snsOrigin],
      statusLinks: this.#statusLinks,
      takeInboundSms: this.#takeInboundSms,
    });
  }

  routes(
    accounts: ProviderAccounts,
    receivers: { readonly recordDeliveryEvents: RecordDeliveryEvents },
  ): Routes[] {
    const told = {
      ...this.#options,
      ...receivers,
      statusLinks: this.#statusLinks,
      takeInboundSms: this.#takeInboundSms,
    };
    const accountsOf = async (appId: string) => (await accounts.of(appId, 'sms')).map(smsAccount);
    return [
      keywordRoutes(this.#keywords),
      optOutRoutes(this.#optOuts),
      twilioRoutes({
        ...told,
        settingsOf: async (appId) => (await accountsOf(appId)).map(({ settings }) => settings),
      }),
      vonageRoutes({
        ...told,
        accountsOf,
        reply: (account, sms, text) => this.channel.reply(account, sms, text),
      }),
    ];
  }

  /**
   * What opt-outs from single senders leave of whom a text may go through, by the numbers that it is for; `from`: the
   * sender that it names, or null.
   */
  async judgeSenders(
    accounts: ProviderAccounts,
    { appId, from, numbers }: TextToJudge,
  ): Promise<ReadonlyMap<string, SenderVerdict>> {
    const found = await accounts.of(appId, 'sms');
    const senders = found.map((account) => from ?? smsAccount(account).settings.from ?? null);
    return this.#optOuts.judge(appId, senders, numbers);
  }

  /** Binds a session for every app whose provider has any: what people text comes before the first message goes. */
  async attend(accounts: ProviderAccounts): Promise<void> {
    this.#isAttending = true;
    for (const appId of await accounts.appsOf('sms', 'smpp')) this.attendTo(accounts, appId);
  }

  /** An app has other providers now: its sessions are those of what it has, if sessions are kept at all. */
  attendTo(accounts: ProviderAccounts, appId: string): void {
    if (!this.#isAttending) return;
    const { log } = this.#options;
    void accounts
      .of(appId, 'sms')
      .then((found) => this.channel.attend(appId, found.map(smsAccount)))
      .catch((error: unknown) => log.warn({ error, appId }, 'the session with an SMSC was not taken up'));
  }
}

function smsAccount(account: AnyAccount): ProviderAccount<SmsSettings> {
  return { ...account, settings: account.settings as SmsSettings };
}
