import type { Clock, Timer } from '../../../../platform/clock.ts';
import { Slots } from '../../../../platform/slots.ts';
import { openSession } from './open-session.ts';
import { COMMAND } from './pdu.ts';
import type { Pdu } from './pdu.ts';
import type { SmppSettings } from './smpp-account.ts';
import { SmppSessionLost } from './smpp-session.ts';
import type { SmppSession, SmppSessionOptions } from './smpp-session.ts';

export interface SmppLinkOptions {
  readonly clock: Clock;
  /** Takes what the SMSC asks: receipts, and texts of people. */
  readonly onRequest: SmppSessionOptions['onRequest'];
}

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/**
 * The session of one account: opened when it is needed, kept bound because receipts and texts come over it, and
 * bound again when it is lost, after a second at first and a minute at most. Keeps no more than `window` questions
 * open: the SMSC counts them, and nobody else does.
 */
export class SmppLink {
  readonly #settings: SmppSettings;
  readonly #options: SmppLinkOptions;
  readonly #window: Slots;
  #opening: Promise<SmppSession> | null = null;
  #session: SmppSession | null = null;
  #restMs = FIRST_REST_MS;
  #restUntil = Number.NEGATIVE_INFINITY;
  #lastFault = '';
  #again: Timer | null = null;
  #closed = false;

  constructor(settings: SmppSettings, options: SmppLinkOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#window = new Slots(settings.window);
  }

  /** Submits when the window has room. Rejects with SmppSessionLost when there is no answer. */
  submit(body: Buffer): Promise<Pdu> {
    return this.#window.run(async () => (await this.#open()).ask(COMMAND.submitSm, body));
  }

  /** Binds, so that what waits at the SMSC comes. Never rejects: it is tried again. */
  async listen(): Promise<void> {
    await this.#open().catch(() => this.#openLater());
  }

  /** Unbinds. Resolves when the connection is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#again?.cancel();
    const session = this.#session ?? (await this.#opening?.catch(() => null)) ?? null;
    await session?.unbind();
  }

  async #open(): Promise<SmppSession> {
    if (this.#session !== null) return this.#session;
    if (this.#closed) throw new SmppSessionLost('the session was closed');
    const { clock } = this.#options;
    // What failed a moment ago is not asked for again for each message of a page.
    if (this.#opening === null && clock.now() < this.#restUntil) throw new SmppSessionLost(this.#lastFault);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<SmppSession> {
    const { clock, onRequest } = this.#options;
    try {
      const session: SmppSession = await openSession(this.#settings, clock, {
        onRequest,
        onEnd: () => this.#lose(),
      });
      if (!session.isOpen) throw new SmppSessionLost('the session ended at once');
      this.#again?.cancel();
      this.#session = session;
      this.#restMs = FIRST_REST_MS;
      return session;
    } catch (error) {
      this.#lastFault = (error as Error).message;
      this.#restUntil = clock.now() + this.#restMs;
      this.#restMs = Math.min(LONGEST_REST_MS, this.#restMs * 2);
      throw error;
    }
  }

  /** Messages bind again at once; without any, it is bound again for what may come. */
  #lose(): void {
    if (this.#session === null) return;
    this.#session = null;
    this.#openLater();
  }

  #openLater(): void {
    if (this.#closed) return;
    const { clock } = this.#options;
    this.#again?.cancel();
    this.#again = clock.at(Math.max(this.#restUntil, clock.now() + FIRST_REST_MS), () => void this.listen());
  }
}
