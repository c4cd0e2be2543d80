import type SMTPPool from 'nodemailer/lib/smtp-pool';
import type { Clock, Timer } from '../../../../platform/clock.ts';
import type { Outcome } from '../../channel.ts';
import { DkimSigner } from '../dkim/dkim-signer.ts';
import type { SmtpSettings } from './smtp-account.ts';
import type { WrittenMail } from '../mail.ts';
import { isAccountFault, outcomeOfFault } from './read-smtp-reply.ts';
import type { SmtpFault } from './read-smtp-reply.ts';
import { openTransport, post } from './smtp-transport.ts';

/** Connections that have had nothing to do for so long are closed. */
const IDLE_MS = 30_000;

/** For so long after the server was found to be unreachable, mails are answered without asking it. */
const REST_MS = 1_000;

const UNREACHABLE: Outcome = {
  state: 'retry',
  reason: 'the mail server could not be reached a moment ago',
  afterMs: null,
};

/**
 * The connections of one account. Mails wait for a free connection inside nodemailer. When the
 * server cannot be reached at all, the pool is given up and rests for a moment: what waits is
 * answered `retry` at once instead of knocking again for each mail of a page.
 */
export class SmtpPool {
  readonly #settings: SmtpSettings;
  readonly #clock: Clock;
  readonly #closed: () => void;
  readonly #signer: DkimSigner | null;
  #transport: SMTPPool | null = null;
  #underWay = 0;
  #faultsInARow = 0;
  #idle: Timer | null = null;
  #restUntil = Number.NEGATIVE_INFINITY;

  /** `closed` is called when the pool has been idle and is closed: whoever keeps it may let it go. */
  constructor(settings: SmtpSettings, clock: Clock, closed: () => void) {
    this.#settings = settings;
    this.#clock = clock;
    this.#closed = closed;
    const dkim = settings.dkim ?? null;
    this.#signer = dkim === null ? null : new DkimSigner(dkim);
  }

  /** Sends one mail, signed where the account has a key. Never rejects. */
  async send(mail: WrittenMail): Promise<Outcome> {
    if (this.#clock.now() < this.#restUntil) return UNREACHABLE;
    const transport = this.#use();
    try {
      const { response } = await post(transport, this.#signer?.sign(mail, this.#clock.now()) ?? mail);
      this.#faultsInARow = 0;
      return { state: 'sent', ref: refOf(response) };
    } catch (error) {
      const fault = error as SmtpFault;
      if (isAccountFault(fault)) this.#countFault(transport);
      else this.#faultsInARow = 0;
      return outcomeOfFault(fault);
    } finally {
      this.#release();
    }
  }

  close(): void {
    this.#idle?.cancel();
    this.#idle = null;
    this.#disconnect();
    this.#closed();
  }

  #disconnect(): void {
    this.#transport?.close();
    this.#transport = null;
  }

  #use(): SMTPPool {
    this.#idle?.cancel();
    this.#idle = null;
    this.#underWay += 1;
    return (this.#transport ??= openTransport(this.#settings, IDLE_MS));
  }

  #release(): void {
    this.#underWay -= 1;
    if (this.#underWay > 0) return;
    this.#idle = this.#clock.at(this.#clock.now() + IDLE_MS, () => this.close());
  }

  /** As many faults in a row as there are connections: every connection has failed. */
  #countFault(transport: SMTPPool): void {
    this.#faultsInARow += 1;
    if (this.#faultsInARow < this.#settings.connections || transport !== this.#transport) return;
    this.#faultsInARow = 0;
    this.#restUntil = this.#clock.now() + REST_MS;
    this.#disconnect();
  }
}

/** Most servers name the mail in the last line of their reply: "250 2.0.0 Ok: queued as 4F3A". */
function refOf(response: string | undefined): string | null {
  return response === undefined ? null : (/(?:queued as|id=)\s*<?([^\s>]+)/i.exec(response)?.[1] ?? null);
}
