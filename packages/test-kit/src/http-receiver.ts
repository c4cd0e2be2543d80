import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of HTTP on a port of this machine, which answers as its kind does. */
export abstract class HttpReceiver {
  readonly #server = createServer((request, response) => void this.take(request, response));

  /** On a free port, or on the one that it had before. */
  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts what is under way. Resolves when nobody can reach it any more; at once where it does not listen. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  protected abstract take(request: IncomingMessage, response: ServerResponse): Promise<void>;
}
