import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../../../platform/clock.ts';

/** What comes next of a body. */
export type Arrival =
  | { readonly kind: 'piece'; readonly bytes: Buffer }
  | { readonly kind: 'end' }
  /** What was sent is not gzip, or not all of it. */
  | { readonly kind: 'not-gzip'; readonly reason: string }
  /** The connection broke. */
  | { readonly kind: 'gone' }
  /** The sender has sent nothing for a moment. */
  | { readonly kind: 'pause' }
  /** The sender has sent nothing for as long as is waited for. */
  | { readonly kind: 'stall' };

/** A sender that waits for results sends nothing meanwhile: what it has sent must not wait for more. */
const PAUSE_MS = 20;
const PIECE_BYTES = 64 * 1024;

/**
 * A request's body, decompressed, piece by piece as they are asked for: at most one waits here, and
 * the sender waits with it.
 */
export class BodyPieces {
  readonly #request: IncomingMessage;
  readonly #stream: Readable;
  readonly #clock: Clock;
  readonly #stallMs: number;
  #waiting: Arrival | null = null;
  #last: Arrival | null = null;
  #wake: (() => void) | null = null;

  constructor(
    request: IncomingMessage,
    { gzip, clock, stallMs }: { gzip: boolean; clock: Clock; stallMs: number },
  ) {
    this.#request = request;
    this.#stream = gzip ? gunzipped(request) : request;
    this.#clock = clock;
    this.#stallMs = stallMs;
    this.#stream.on('data', this.#keep);
    this.#stream.once('end', () => this.#finish({ kind: 'end' }));
    this.#stream.on('error', (error) => this.#finish(arrivalOf(error)));
    this.#stream.once('close', () => this.#finish({ kind: 'gone' }));
    this.#stream.pause();
  }

  /** The next piece, however long it takes within what is waited for. */
  next(): Promise<Arrival> {
    return this.#nextWithin((fire) => this.#clock.at(this.#clock.now() + this.#stallMs, fire), 'stall');
  }

  /** The next piece if it comes at once, otherwise `pause`. */
  nextSoon(): Promise<Arrival> {
    return this.#nextWithin((fire) => {
      const timer = setTimeout(fire, PAUSE_MS);
      return { cancel: () => clearTimeout(timer) };
    }, 'pause');
  }

  /** Lets the rest of the body go by: the answer takes the same connection, so it must not be ended. */
  discard(): void {
    this.#stream.off('data', this.#keep);
    this.#request.unpipe();
    if (this.#stream !== this.#request) this.#stream.destroy();
    this.#request.resume();
    this.#finish({ kind: 'gone' });
  }

  async #nextWithin(
    arm: (fire: () => void) => { cancel(): void },
    otherwise: 'pause' | 'stall',
  ): Promise<Arrival> {
    if (this.#waiting === null && this.#last === null) {
      await new Promise<void>((resolve) => {
        const timer = arm(resolve);
        this.#wake = () => {
          timer.cancel();
          resolve();
        };
        this.#stream.resume();
      });
      this.#wake = null;
    }
    const arrival = this.#waiting ?? this.#last ?? { kind: otherwise };
    this.#waiting = null;
    return arrival;
  }

  readonly #keep = (bytes: Buffer): void => {
    this.#waiting =
      this.#waiting?.kind === 'piece'
        ? { kind: 'piece', bytes: Buffer.concat([this.#waiting.bytes, bytes]) }
        : { kind: 'piece', bytes };
    this.#stream.pause();
    this.#wake?.();
  };

  /** The first reason counts: a stream that ended or failed is closed afterwards. */
  #finish(last: Arrival): void {
    this.#last ??= last;
    this.#wake?.();
  }
}

function gunzipped(request: IncomingMessage): Readable {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  const broken = () => {
    if (!request.complete) gunzip.destroy();
  };
  request.once('error', broken).once('close', broken);
  return request.pipe(gunzip);
}

function arrivalOf(error: Error & { code?: string }): Arrival {
  return error.code?.startsWith('Z_') === true
    ? { kind: 'not-gzip', reason: error.message }
    : { kind: 'gone' };
}
