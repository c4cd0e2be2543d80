import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { OutboundFault } from './outbound-fault.ts';

/** An answer that came whole. Of a header that came twice, both values are there, with a comma between them. */
export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface AnswerLimits {
  /** For all of it, from the name to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Largest body of an answer. */
  readonly mostBytes: number;
}

const NOTHING = Buffer.alloc(0);

/**
 * Waits for one answer until its last byte, and not longer or for more than allowed. The time runs while the request waits
 * for a connection, too: one that is given up by then is never sent.
 */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #limits: AnswerLimits;
  readonly #done: (answer: OutboundAnswer) => void;
  readonly #failed: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #pieces: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  /** Why it is given up: what undici says afterwards is only what follows from that. */
  #fault: OutboundFault | null = null;
  #length = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};

  /** One of `done` and `failed` is called, once; `failed` with what undici says or with an OutboundFault. */
  constructor(limits: AnswerLimits, done: (answer: OutboundAnswer) => void, failed: (error: Error) => void) {
    this.#limits = limits;
    this.#done = done;
    this.#failed = failed;
    this.#timer = setTimeout(() => {
      this.#giveUp(new OutboundFault('timeout', `no answer within ${limits.timeoutMs / 1000} s`));
    }, limits.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#fault !== null) controller.abort(this.#fault);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    const { mostBytes } = this.#limits;
    this.#length += piece.length;
    if (this.#length > mostBytes) {
      this.#giveUp(new OutboundFault('too-large', `the answer is larger than ${mostBytes} bytes`));
    } else this.#pieces.push(piece);
  }

  onResponseEnd(): void {
    if (this.#fault !== null) return;
    clearTimeout(this.#timer);
    const [first = NOTHING] = this.#pieces;
    const body = this.#pieces.length > 1 ? Buffer.concat(this.#pieces) : first;
    this.#done({ status: this.#status, headers: joined(this.#headers), body });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#timer);
    if (this.#fault === null) this.#failed(error);
  }

  #giveUp(fault: OutboundFault): void {
    clearTimeout(this.#timer);
    this.#fault = fault;
    this.#failed(fault);
    this.#controller?.abort(fault);
  }
}

/** A header that came several times as one text, as if it had been sent so. */
function joined(headers: IncomingHttpHeaders): OutboundAnswer['headers'] {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as OutboundAnswer['headers'];
}
