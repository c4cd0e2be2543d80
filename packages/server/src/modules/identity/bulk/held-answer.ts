import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Clock, Timer } from '../../../platform/clock.ts';

/** What the connection takes at a time: the smaller, the sooner it shows that a slow client reads. */
const PIECE_BYTES = 64 * 1024;

export interface HeldAnswerOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Most bytes that wait for the client; a piece that is put may go beyond. */
  readonly mostBytes: number;
  /** How long the client may read nothing of what waits, in milliseconds. */
  readonly stallMs: number;
  /** How long it may go on sending without reading, in milliseconds. */
  readonly longestMs: number;
  /** Called when it has read nothing for so long, and every so often as long as it goes on. */
  readonly onStall: () => void;
}

/**
 * An answer that waits for its client to read it, up to a size: a client may send everything before it
 * reads anything. A client that still sends is there, and not given up.
 */
export class HeldAnswer extends Readable {
  readonly #options: HeldAnswerOptions;
  readonly #latest: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #isWanted = false;
  #isWhole = false;
  #stall: Timer | null = null;
  #room: (() => void) | null = null;

  constructor(options: HeldAnswerOptions) {
    // Its end is the response's: until then the client may stall.
    super({ highWaterMark: PIECE_BYTES, autoDestroy: false });
    this.#options = options;
    this.#latest = options.clock.now() + options.longestMs;
    options.response.once('close', () => this.destroy());
  }

  /** Resolves when there is room for more, to whether anybody may still read it. */
  async put(text: string): Promise<boolean> {
    if (this.destroyed) return false;
    if (!this.#waits) this.#forgetStall();
    const piece = Buffer.from(text);
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      this.#pieces.push(piece.subarray(at, at + PIECE_BYTES));
    }
    this.#bytes += piece.length;
    this.#give();
    if (this.#bytes >= this.#options.mostBytes) await new Promise<void>((resolve) => (this.#room = resolve));
    return !this.destroyed;
  }

  /** Nothing more will be put. */
  finish(): void {
    this.#isWhole = true;
    this.#give();
  }

  override _read(): void {
    this.#isWanted = true;
    // The connection has taken what it had.
    this.#forgetStall();
    this.#give();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#forgetStall();
    this.#pieces.length = 0;
    this.#room?.();
    done(error);
  }

  #give(): void {
    while (this.#isWanted && this.#pieces.length > 0) {
      const piece = this.#pieces.shift();
      this.#bytes -= piece?.length ?? 0;
      this.#isWanted = this.push(piece);
    }
    if (this.#isWhole && this.#isWanted) this.#isWanted = this.push(null);
    if (this.#bytes < this.#options.mostBytes) {
      this.#room?.();
      this.#room = null;
    }
    this.#stall ??= this.#armStall();
  }

  #forgetStall(): void {
    this.#stall?.cancel();
    this.#stall = null;
  }

  #armStall(): Timer {
    const { request, clock, stallMs, onStall } = this.#options;
    const received = request.socket.bytesRead;
    return clock.at(clock.now() + stallMs, () => {
      const isSending = request.socket.bytesRead > received && clock.now() < this.#latest;
      if (!isSending && this.#waits) onStall();
      this.#stall = this.destroyed ? null : this.#armStall();
    });
  }

  /** Whether anything was put that the client has not read. */
  get #waits(): boolean {
    const { response } = this.#options;
    return this.#bytes > 0 || this.readableLength > 0 || response.writableLength > 0;
  }
}
