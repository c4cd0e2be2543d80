import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Read only when it is asked for: most answers are only counted. */
  readonly body: () => string;
}

const END_OF_HEAD = '\r\n\r\n';

/**
 * One kept connection with one request under way at a time, and no more of HTTP/1.1 than our server's
 * answers need (Content-Length): the generator must not take the CPU that is being measured.
 */
export class Connection {
  readonly #socket: Socket;
  #got: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  /** Sends a whole request, as it goes over the wire. */
  exchange(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#got = this.#got.length === 0 ? chunk : Buffer.concat([this.#got, chunk]);
    const head = this.#got.indexOf(END_OF_HEAD);
    if (head === -1) return;
    const lines = this.#got.toString('latin1', 0, head);
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(lines) ?? [];
    if (length === undefined) throw new Error(`an answer without Content-Length: ${lines}`);
    const from = head + END_OF_HEAD.length;
    const end = from + Number(length);
    if (this.#got.length < end) return;
    const body = this.#got.subarray(from, end);
    this.#got = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status: Number(lines.slice(9, 12)), body: () => body.toString() });
  }
}
