import { createHash } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import type { Logger } from '../../../../platform/log.ts';
import type { Envelope, Outcome } from '../../channel.ts';
import type { InboundSms, TakeInboundSms } from '../inbound/inbound-sms.ts';
import { sendReply } from '../inbound/send-reply.ts';
import type { RenderedSms } from '../rendered-sms.ts';
import { outcomeOfStatus, STATUS } from './command-status.ts';
import { FieldReader } from './fields.ts';
import { readText } from './message-text.ts';
import { COMMAND, MalformedPdu } from './pdu.ts';
import type { Pdu } from './pdu.ts';
import { isReceipt, readReceipt } from './receipt.ts';
import type { Receipt } from './receipt.ts';
import { numberOf, readShortMessage } from './short-message.ts';
import type { ShortMessage } from './short-message.ts';
import type { SmppSettings } from './smpp-account.ts';
import { SmppLink } from './smpp-link.ts';
import { SmppSessionLost } from './smpp-session.ts';
import type { SmppSession } from './smpp-session.ts';
import { writeSubmits } from './write-submits.ts';

/** A receipt of a message of this app: `refs` are what `deliver` returned as `ref`, in any of its spellings. */
export interface AppReceipt extends Receipt {
  readonly appId: string;
  /** When it came, in milliseconds since the epoch: what a receipt itself says has no time zone. */
  readonly at: number;
}

/**
 * Finds the deliveries that receipts are about, and records what became of them, implemented outside of this
 * module. Resolves when it is committed, also for messages that are not known; a receipt can come before the ledger
 * row of its delivery. Rejects when the SMSC is to tell it again.
 */
export type RecordReceipts = (receipts: readonly AppReceipt[]) => Promise<void>;

export interface SmppClientOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly recordReceipts: RecordReceipts;
  readonly takeInboundSms: TakeInboundSms;
}

/** Text messages of one app over SMPP 3.4. */
export class SmppClient {
  readonly #appId: string;
  readonly #settings: SmppSettings;
  readonly #options: SmppClientOptions;
  readonly #link: SmppLink;

  constructor(appId: string, settings: SmppSettings, options: SmppClientOptions) {
    this.#appId = appId;
    this.#settings = settings;
    this.#options = options;
    this.#link = new SmppLink(settings, {
      clock: options.clock,
      onRequest: (pdu, session) => void this.#take(pdu, session),
    });
  }

  /**
   * Hands one message over: all of its parts, one after the other. Never rejects. Parts that go a second time have
   * the same reference, by which a telephone knows them.
   */
  async send(envelope: Envelope<RenderedSms>): Promise<Outcome> {
    const submits = writeSubmits(this.#settings, envelope);
    if ('fault' in submits) return { state: 'failed', reason: submits.fault };
    let ref: string | null = null;
    try {
      for (const body of submits.bodies) {
        const answer = await this.#link.submit(body);
        if (answer.status !== STATUS.ok) return outcomeOfStatus(answer.status);
        if (answer.command === COMMAND.genericNack) throw new MalformedPdu('the SMSC did not understand it');
        ref = answer.body.length === 0 ? null : new FieldReader(answer.body).text() || null;
      }
      return { state: 'sent', ref };
    } catch (error) {
      if (error instanceof SmppSessionLost || error instanceof MalformedPdu)
        return { state: 'retry', reason: `SMPP: ${error.message}`, afterMs: null };
      throw error;
    }
  }

  listen(): Promise<void> {
    return this.#link.listen();
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Answers when what was told is committed; the SMSC keeps it and tells it again when it could not be. */
  async #take(pdu: Pdu, session: SmppSession): Promise<void> {
    if (pdu.command !== COMMAND.deliverSm) return session.answer(pdu, STATUS.invalidCommand);
    let status: number = STATUS.ok;
    try {
      const sms = readShortMessage(pdu.body);
      await (isReceipt(sms) ? this.#takeReceipt(sms) : this.#takeText(sms));
    } catch (error) {
      // What cannot be read now can never be: told again, it would come for ever.
      if (!(error instanceof MalformedPdu)) status = STATUS.faultForAWhile;
      this.#options.log.warn({ err: error, appId: this.#appId }, 'what an SMSC told was not taken');
    }
    session.answer(pdu, status, Buffer.of(0));
  }

  async #takeReceipt(sms: ShortMessage): Promise<void> {
    const receipt = readReceipt(sms);
    if (receipt === null) return;
    const at = this.#options.clock.now();
    await this.#options.recordReceipts([{ ...receipt, appId: this.#appId, at }]);
  }

  async #takeText(sms: ShortMessage): Promise<void> {
    const { clock, takeInboundSms } = this.#options;
    const { text, part } = readText(sms);
    const from = numberOf(sms.source);
    const to = numberOf(sms.destination);
    const at = clock.now();
    // Texts have no id in SMPP: the same words within a minute are the same text, told again.
    const words = [this.#appId, from, to, text, Math.floor(at / 60_000), JSON.stringify(part)].join('\u0000');
    const id = createHash('sha256').update(words).digest('hex').slice(0, 32);
    const told = { from, to, text, mediaUrls: [], part, at, handled: null };
    const inbound: InboundSms = { appId: this.#appId, id, hasOwnId: false, ...told };
    const reply = await takeInboundSms(inbound);
    if (reply !== null) void sendReply(inbound, reply, (envelope) => this.send(envelope), this.#options.log);
  }
}
