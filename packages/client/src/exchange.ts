import type { Dispatcher, Pool } from 'undici';
import { onAbort } from './on-abort.ts';

/** An answer that has come as a whole. */
export interface Exchanged {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/**
 * Sends one request and resolves with its whole answer. A short answer needs no stream of its own: making one
 * for each took a fifth of a client's time (`npm run bench -- connector-load`).
 *
 * @throws what broke the connection, or an AbortError
 */
export function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal | undefined,
): Promise<Exchanged> {
  return new Promise((resolve, reject) => {
    pool.dispatch(request, new Gathering(signal, resolve, reject));
  });
}

/** Gathers the answer of one request. */
class Gathering implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Exchanged) => void;
  readonly #reject: (error: Error) => void;
  readonly #forget: () => void;
  #controller: Dispatcher.DispatchController | null = null;
  #isAborted = false;
  #status = 0;
  #headers: Exchanged['headers'] = {};
  #chunks: Buffer[] = [];

  constructor(
    signal: AbortSignal | undefined,
    resolve: (answer: Exchanged) => void,
    reject: (error: Error) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#forget = signal === undefined ? () => undefined : onAbort(signal, () => this.#abort());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) controller.abort(new Aborted());
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Exchanged['headers']): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#forget();
    const [first, ...others] = this.#chunks;
    const bytes = first === undefined || others.length > 0 ? Buffer.concat(this.#chunks) : first;
    this.#resolve({ status: this.#status, headers: this.#headers, text: bytes.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#forget();
    this.#reject(error);
  }

  #abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new Aborted());
    // One that waits for a connection is not sent when it gets one.
    this.#reject(new Aborted());
  }
}

class Aborted extends Error {
  constructor() {
    super('The call was aborted.');
    this.name = 'AbortError';
  }
}
