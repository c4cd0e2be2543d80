import type { Clock } from '../../../platform/clock.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../channel.ts';
import { MailComposer } from './compose-mail.ts';
import type { MailComposerOptions } from './compose-mail.ts';
import type { EmailSettings, SmtpSettings } from './email-account.ts';
import type { RenderedEmail } from './rendered-email.ts';
import { SmtpPool } from './smtp-pool.ts';

export type EmailChannelOptions = MailComposerOptions;

/** One being sent, the others built and waiting, so that no connection waits for us. */
const MAILS_PER_CONNECTION = 8;

/** While the mails of one handful go out, the next ones are recorded, read and rendered, and the last ones closed. */
const HANDFULS = 5;

const DROPPED: Outcome = { state: 'sent', ref: null };
const dropped = (copies: readonly string[]): Outcome => ({ ...DROPPED, copies: copies.length });

/** Email over SMTP, with a pool of connections per account. */
export class EmailChannel implements Channel<RenderedEmail, EmailSettings> {
  readonly name = 'email';
  readonly #clock: Clock;
  readonly #composer: MailComposer;
  readonly #pools = new Map<string, SmtpPool>();
  #dropped = 0;

  constructor(options: EmailChannelOptions) {
    this.#clock = options.clock;
    this.#composer = new MailComposer(options);
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
        return page.map(({ content: { copies } }) => (copies.length === 0 ? DROPPED : dropped(copies)));
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
        const outcome = await pool.send(this.#composer.compose(settings, envelope));
        outcomes[index] =
          outcome.state === 'sent' && envelope.content.copies.length > 0
            ? { ...outcome, copies: await this.#sendCopies(pool, settings, envelope) }
            : outcome;
      }
    };
    await Promise.all(Array.from({ length: settings.connections * MAILS_PER_CONNECTION }, sendLeft));
    return outcomes;
  }

  /**
   * How many copies were taken. Each is tried once: the mail itself has left, and to hand it over again for
   * the sake of a copy would bring it to its recipient twice.
   */
  async #sendCopies(
    pool: SmtpPool,
    settings: SmtpSettings,
    envelope: Envelope<RenderedEmail>,
  ): Promise<number> {
    const copies = this.#composer.composeCopies(settings, envelope);
    const outcomes = await Promise.all(copies.map((copy) => pool.send(copy)));
    return outcomes.filter(({ state }) => state === 'sent').length;
  }

  #poolOf(key: string, settings: SmtpSettings): SmtpPool {
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const pool = new SmtpPool(settings, this.#clock, () => this.#pools.delete(key));
    this.#pools.set(key, pool);
    return pool;
  }
}
