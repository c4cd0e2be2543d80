import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import type { Tracker } from '../tracking/tracker.ts';
import type { EmailSettings, SmtpSettings } from './email-account.ts';
import { messageIdOf } from './message-id.ts';
import { hidePreheader } from './preheader.ts';
import type { RenderedEmail } from './rendered-email.ts';
import { SmtpPool } from './smtp-pool.ts';
import type { Mail } from './smtp-pool.ts';

export interface EmailChannelOptions {
  readonly clock: Clock;
  /** Signs Message-IDs. */
  readonly signer: TokenSigner;
  /** What stands behind the @ of every Message-ID. Changing it changes the idempotency key of what is under way. */
  readonly messageIdDomain: string;
  readonly tracker: Tracker;
}

/** One being sent, the others built and waiting, so that no connection waits for us. */
const MAILS_PER_CONNECTION = 8;

/** While the mails of one handful go out, the next ones are recorded, read and rendered, and the last ones closed. */
const HANDFULS = 5;

const DROPPED: Outcome = { state: 'sent', ref: null };

/** Email over SMTP, with a pool of connections per account. */
export class EmailChannel implements Channel<RenderedEmail, EmailSettings> {
  readonly name = 'email';
  readonly #options: EmailChannelOptions;
  readonly #pools = new Map<string, SmtpPool>();
  #dropped = 0;

  constructor(options: EmailChannelOptions) {
    this.#options = options;
  }

  /** How many mails accounts of kind `null` have taken. */
  get dropped(): number {
    return this.#dropped;
  }

  capacity({ settings }: ProviderAccount<EmailSettings>): number {
    return settings.kind === 'null' ? Infinity : settings.connections * MAILS_PER_CONNECTION * HANDFULS;
  }

  async deliver(
    account: ProviderAccount<EmailSettings>,
    page: readonly Envelope<RenderedEmail>[],
  ): Promise<Outcome[]> {
    const { settings } = account;
    switch (settings.kind) {
      case 'null':
        this.#dropped += page.length;
        return page.map(() => DROPPED);
      case 'smtp':
        return this.#sendAll(account.key, settings, page);
    }
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.values()) pool.close();
  }

  /** Keeps every connection busy, and no more of the page in memory as built mails than that takes. */
  async #sendAll(
    key: string,
    settings: SmtpSettings,
    page: readonly Envelope<RenderedEmail>[],
  ): Promise<Outcome[]> {
    const pool = this.#poolOf(key, settings);
    const outcomes = Array.from<Outcome>({ length: page.length });
    const left = page.entries();
    const sendLeft = async () => {
      for (const [index, envelope] of left) {
        outcomes[index] = await pool.send(this.#mailOf(settings, envelope));
      }
    };
    await Promise.all(Array.from({ length: settings.connections * MAILS_PER_CONNECTION }, sendLeft));
    return outcomes;
  }

  #poolOf(key: string, settings: SmtpSettings): SmtpPool {
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SmtpPool(settings, this.#options.clock, () => this.#pools.delete(key));
    this.#pools.set(key, pool);
    return pool;
  }

  #mailOf(settings: SmtpSettings, envelope: Envelope<RenderedEmail>): Mail {
    const { content, recipient, lane, messageId } = envelope;
    const { signer, messageIdDomain, tracker } = this.#options;
    const reference = { lane, messageId, subscriptionId: recipient.subscriptionId };
    const html = tracker.track(reference, content);
    const texts = [html, content.text, content.subject, content.fromName ?? settings.fromName];
    return {
      ...(texts.every(isMostlyAscii) ? QUOTED_PRINTABLE : {}),
      messageId: messageIdOf(signer, reference, messageIdDomain),
      from: {
        name: content.fromName ?? settings.fromName,
        address: content.fromAddress ?? settings.fromAddress,
      },
      to: { name: '', address: recipient.token },
      subject: content.subject,
      html: hidePreheader(html, content.preheader),
      headers: content.headers,
      ...(content.text === null ? {} : { text: content.text }),
      ...(content.replyTo === null ? {} : { replyTo: content.replyTo }),
    };
  }
}

/** Tells nodemailer what it would find out by counting every letter, which is a tenth of its work on a large mail. */
const QUOTED_PRINTABLE = { textEncoding: 'quoted-printable' } as const;

/** Other letters take two bytes or more. Where there are many, nodemailer chooses by itself. */
function isMostlyAscii(text: string | null): boolean {
  return text === null || Buffer.byteLength(text) <= text.length * 1.25;
}
