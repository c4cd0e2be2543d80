import { Outbound } from '../../../platform/outbound/index.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import { MailApiClient } from './api/mail-api-client.ts';
import { mailApiOf } from './api/mail-apis.ts';
import type { MailApiSettings } from './api/mail-apis.ts';
import { MailComposer } from './compose-mail.ts';
import type { MailComposerOptions } from './compose-mail.ts';
import type { EmailSettings } from './email-account.ts';
import type { Mail } from './mail.ts';
import type { RenderedEmail } from './rendered-email.ts';
import type { SenderSettings } from './sender-settings.ts';
import type { SmtpSettings } from './smtp/smtp-account.ts';
import { SmtpPool } from './smtp/smtp-pool.ts';
import { writeMail } from './write-mail.ts';

export interface EmailChannelOptions extends MailComposerOptions {
  /** Ranges that are reachable although they are not public. */
  readonly outboundAllowed: readonly string[];
  /** The base address of the sandbox's APIs of mail, which are on this machine, or null. */
  readonly sandboxOrigin?: string | null;
}

/** One being sent, the others built and waiting, so that no connection waits for us. */
const MAILS_PER_CONNECTION = 8;
/** While the mails of one handful go out, the next ones are recorded, read and rendered, and the last ones closed. */
const HANDFULS = 5;
const LOOPBACK = ['127.0.0.0/8', '::1/128'];
/** Providers over HTTP need no connection of their own for each account: what is known of one is only worth keeping. */
const MOST_CLIENTS = 1_000;

const DROPPED: Outcome = { state: 'sent', ref: null };
const dropped = (copies: readonly string[]): Outcome => ({ ...DROPPED, copies: copies.length });

/** Sends one mail. Never rejects. */
type Post = (mail: Mail) => Promise<Outcome>;

/** Email, through whichever kind of provider the account names. */
export class EmailChannel implements Channel<RenderedEmail, EmailSettings> {
  readonly name = 'email';
  readonly #options: EmailChannelOptions;
  readonly #composer: MailComposer;
  readonly #pools = new Map<string, SmtpPool>();
  readonly #clients = new Map<string, MailApiClient>();
  readonly #outbound: Outbound;
  /** Reaches this machine, and is asked for the sandbox alone. */
  readonly #sandbox = new Outbound(LOOPBACK);
  #dropped = 0;

  constructor(options: EmailChannelOptions) {
    this.#options = options;
    this.#composer = new MailComposer(options);
    this.#outbound = new Outbound(options.outboundAllowed);
  }

  /** How many mails accounts of kind `null` have taken. */
  get dropped(): number {
    return this.#dropped;
  }

  capacity({ settings }: ProviderAccount<EmailSettings>): number {
    return settings.kind === 'null' ? Infinity : atOnce(settings) * HANDFULS;
  }

  async deliver(
    { key, settings }: ProviderAccount<EmailSettings>,
    page: readonly Envelope<RenderedEmail>[],
  ): Promise<Outcome[]> {
    switch (settings.kind) {
      case 'null':
        this.#dropped += page.length;
        return page.map(({ content: { copies } }) => (copies.length === 0 ? DROPPED : dropped(copies)));
      case 'smtp': {
        const pool = this.#poolOf(key, settings);
        return this.#sendAll((mail) => pool.send(writeMail(mail)), settings, page);
      }
      case 'sendgrid':
      case 'ses':
      case 'mailgun':
      case 'postmark':
      case 'resend': {
        const client = this.#clientOf(key, settings);
        return this.#sendAll((mail) => client.send(mail), settings, page);
      }
    }
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.values()) pool.close();
    this.#outbound.close();
    this.#sandbox.close();
    this.#clients.clear();
  }

  /** Keeps every connection busy, and no more of the page in memory as built mails than that takes. */
  async #sendAll(
    post: Post,
    settings: SmtpSettings | MailApiSettings,
    page: readonly Envelope<RenderedEmail>[],
  ): Promise<Outcome[]> {
    const outcomes = Array.from<Outcome>({ length: page.length });
    const left = page.entries();
    const sendLeft = async () => {
      for (const [index, envelope] of left) {
        const outcome = await post(this.#composer.compose(settings, envelope));
        outcomes[index] =
          outcome.state === 'sent' && envelope.content.copies.length > 0
            ? { ...outcome, copies: await this.#sendCopies(post, settings, envelope) }
            : outcome;
      }
    };
    await Promise.all(Array.from({ length: atOnce(settings) }, sendLeft));
    return outcomes;
  }

  /**
   * How many copies were taken. Each is tried once: the mail itself has left, and to hand it over again for
   * the sake of a copy would bring it to its recipient twice.
   */
  async #sendCopies(post: Post, sender: SenderSettings, envelope: Envelope<RenderedEmail>): Promise<number> {
    const outcomes = await Promise.all(this.#composer.composeCopies(sender, envelope).map(post));
    return outcomes.filter(({ state }) => state === 'sent').length;
  }

  #poolOf(key: string, settings: SmtpSettings): SmtpPool {
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SmtpPool(settings, this.#options.clock, () => this.#pools.delete(key));
    this.#pools.set(key, pool);
    return pool;
  }

  /** What reaches a provider: the sandbox is on this machine, and nothing else on it is reached. */
  reachOf({ baseUrl }: MailApiSettings): { readonly outbound: Outbound; readonly isSandbox: boolean } {
    const { sandboxOrigin = null } = this.#options;
    const isSandbox = sandboxOrigin !== null && baseUrl.startsWith(`${sandboxOrigin}/`);
    return { outbound: isSandbox ? this.#sandbox : this.#outbound, isSandbox };
  }

  #clientOf(key: string, settings: MailApiSettings): MailApiClient {
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    if (this.#clients.size >= MOST_CLIENTS) this.#clients.clear();
    const { clock } = this.#options;
    const { connections } = settings;
    const { outbound } = this.reachOf(settings);
    const client = new MailApiClient(mailApiOf(settings), { clock, outbound, connections });
    this.#clients.set(key, client);
    return client;
  }
}

/** Mails of an account that are built and sent at the same time. */
function atOnce({ kind, connections }: SmtpSettings | MailApiSettings): number {
  return kind === 'smtp' ? connections * MAILS_PER_CONNECTION : connections;
}
