import type { Clock } from '../../../platform/clock.ts';
import type { TokenSigner } from '../../../platform/crypto/index.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import type { DeliveryReference } from '../delivery-reference.ts';
import type { Tracker } from '../tracking/tracker.ts';
import { putUnsubscribeUrl, unsubscribeHeaders } from '../tracking/unsubscribe-links.ts';
import type { UnsubscribeLinks } from '../tracking/unsubscribe-links.ts';
import type { EmailSettings, SmtpSettings } from './email-account.ts';
import type { WrittenMail } from './mail.ts';
import { messageIdOf } from './message-id.ts';
import { hidePreheader } from './preheader.ts';
import type { RenderedEmail } from './rendered-email.ts';
import { SmtpPool } from './smtp-pool.ts';
import { writeMail } from './write-mail.ts';

export interface EmailChannelOptions {
  readonly clock: Clock;
  /** Signs Message-IDs. */
  readonly signer: TokenSigner;
  /** What stands behind the @ of every Message-ID. Changing it changes the idempotency key of what is under way. */
  readonly messageIdDomain: string;
  readonly tracker: Tracker;
  readonly unsubscribeLinks: UnsubscribeLinks;
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

  #mailOf(settings: SmtpSettings, envelope: Envelope<RenderedEmail>): WrittenMail {
    const { content, recipient, lane, messageId } = envelope;
    const { clock, signer, messageIdDomain, tracker } = this.#options;
    const reference = { lane, messageId, subscriptionId: recipient.subscriptionId };
    const { html, text, headers } = this.#withWayOut(content, reference);
    return writeMail({
      messageId: messageIdOf(signer, reference, messageIdDomain),
      from: {
        name: content.fromName ?? settings.fromName,
        address: content.fromAddress ?? settings.fromAddress,
      },
      to: recipient.token,
      replyTo: content.replyTo,
      subject: content.subject,
      html: hidePreheader(
        tracker.track(reference, {
          html,
          trackClicks: content.trackClicks,
          trackOpens: content.trackOpens,
          linkTags: content.linkTags,
        }),
        content.preheader,
      ),
      text,
      headers,
      date: clock.now(),
    });
  }

  /** The mail with its link to unsubscribe, in what it says and in its headers. */
  #withWayOut(
    { html, text, headers, unsubscribeFrom: appId }: RenderedEmail,
    reference: DeliveryReference,
  ): Pick<RenderedEmail, 'html' | 'text' | 'headers'> {
    if (appId === null) return { html, text, headers };
    const url = this.#options.unsubscribeLinks.url({ appId, reference });
    return {
      html: putUnsubscribeUrl(html, url),
      text: text === null ? null : putUnsubscribeUrl(text, url),
      headers: { ...headers, ...unsubscribeHeaders(url) },
    };
  }
}
