import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../../platform/clock.ts';
import { ANSWER, COMMAND, PduReader, writePdu } from './pdu.ts';
import type { Pdu } from './pdu.ts';
import { STATUS } from './command-status.ts';

/** The session has ended, and with it every question that had no answer. */
export class SmppSessionLost extends Error {
  override readonly name = 'SmppSessionLost';
}

export interface SmppSessionOptions {
  readonly clock: Clock;
  /** The session is given up when a question has had no answer for so long. */
  readonly answerMs: number;
  /** When nothing has come for so long, the other side is asked whether it is there; null: never. */
  readonly enquireMs: number | null;
  /** Takes questions of the other side, those of the session itself excepted. */
  readonly onRequest: (pdu: Pdu, session: SmppSession) => void;
  /** Called once when the session has ended. */
  readonly onEnd: () => void;
}

interface Question {
  readonly resolve: (answer: Pdu) => void;
  readonly reject: (fault: Error) => void;
  readonly asked: number;
}

const LAST_SEQUENCE = 0x7fffffff;
const UNBIND_MS = 2_000;
const EMPTY = Buffer.alloc(0);

/** One connection over which both sides ask and answer. The same for a client and for an SMSC. */
export class SmppSession {
  readonly #socket: Socket;
  readonly #options: SmppSessionOptions;
  readonly #reader = new PduReader();
  /** By sequence number, the oldest first. */
  readonly #open = new Map<number, Question>();
  #sequence = 0;
  #heardAt: number;
  #timer: Timer | null = null;
  #ended = false;
  #corked = false;

  constructor(socket: Socket, options: SmppSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#heardAt = options.clock.now();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#hear(chunk));
    socket.on('error', (error: Error) => this.#end(wordsOf(error)));
    socket.on('close', () => this.#end('the connection was closed'));
    this.#look();
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Asks, and resolves with the answer. Rejects with SmppSessionLost when there will be none. */
  ask(command: number, body: Buffer = EMPTY): Promise<Pdu> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new SmppSessionLost('the session has ended'));
      this.#sequence = this.#sequence === LAST_SEQUENCE ? 1 : this.#sequence + 1;
      this.#open.set(this.#sequence, { resolve, reject, asked: this.#options.clock.now() });
      this.#write({ command, status: STATUS.ok, sequence: this.#sequence, body });
    });
  }

  answer({ command, sequence }: Pdu, status: number, body: Buffer = EMPTY): void {
    if (this.#ended) return;
    this.#write({ command: (command | ANSWER) >>> 0, status, sequence, body });
  }

  /** Says good-bye, and ends when that is answered or takes too long. */
  async unbind(): Promise<void> {
    const { clock } = this.#options;
    const impatience = clock.at(clock.now() + UNBIND_MS, () => this.destroy());
    await this.ask(COMMAND.unbind).catch(() => undefined);
    impatience.cancel();
    this.destroy();
  }

  /** Ends without a word. */
  destroy(): void {
    this.#end('the session was closed');
  }

  #hear(chunk: Buffer): void {
    this.#heardAt = this.#options.clock.now();
    let pdus: readonly Pdu[];
    try {
      pdus = this.#reader.read(chunk);
    } catch (error) {
      return this.#end(wordsOf(error));
    }
    for (const pdu of pdus) {
      if (this.#ended) return;
      if ((pdu.command & ANSWER) === 0) this.#takeRequest(pdu);
      else this.#takeAnswer(pdu);
    }
  }

  #takeAnswer(pdu: Pdu): void {
    const question = this.#open.get(pdu.sequence);
    this.#open.delete(pdu.sequence);
    question?.resolve(pdu);
  }

  #takeRequest(pdu: Pdu): void {
    switch (pdu.command) {
      case COMMAND.enquireLink:
        return this.answer(pdu, STATUS.ok);
      case COMMAND.unbind:
        this.answer(pdu, STATUS.ok);
        this.#socket.end();
        return;
      default:
        this.#options.onRequest(pdu, this);
    }
  }

  /** What is written in one turn leaves in one piece. */
  #write(pdu: Pdu): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(writePdu(pdu));
  }

  /** Sets the next moment at which something may be overdue. */
  #look(): void {
    const { clock, answerMs, enquireMs } = this.#options;
    const step = Math.min(answerMs, enquireMs ?? answerMs) / 4;
    this.#timer = clock.at(clock.now() + Math.max(10, Math.ceil(step)), () => {
      if (this.#ended) return;
      const now = clock.now();
      const [oldest] = this.#open.values();
      if (oldest !== undefined && now - oldest.asked >= answerMs) {
        return this.#end('the other side did not answer');
      }
      if (enquireMs !== null && oldest === undefined && now - this.#heardAt >= enquireMs) {
        this.ask(COMMAND.enquireLink).catch(() => undefined);
      }
      this.#look();
    });
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.cancel();
    this.#socket.destroy();
    const lost = new SmppSessionLost(why);
    for (const { reject } of this.#open.values()) reject(lost);
    this.#open.clear();
    this.#options.onEnd();
  }
}

/** Without addresses: whoever reads it need not know what is behind a name. */
function wordsOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
}
