import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** What Firefox refused, by its own name and words. */
export class MarionetteError extends Error {
  override readonly name = 'MarionetteError';
}

interface Answer {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

const COLON = 58;

/**
 * A connection to Firefox's own automation protocol: JSON over TCP, each message after its length in bytes. It
 * needs no driver beside the browser.
 */
export class Marionette {
  readonly #socket: Socket;
  readonly #answers = new Map<number, Answer>();
  #received: Buffer = Buffer.alloc(0);
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      for (const answer of this.#answers.values()) answer.reject(new Error('Firefox is gone'));
      this.#answers.clear();
    });
  }

  static async connect(port: number): Promise<Marionette> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Marionette(socket);
  }

  /** Sends a command, such as `WebDriver:Navigate`. Rejects with MarionetteError when Firefox refuses it. */
  async ask(command: string, parameters: object = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise((resolve, reject) => void this.#answers.set(id, { resolve, reject }));
    const text = JSON.stringify([0, id, command, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const colon = this.#received.indexOf(COLON);
      const end = colon + 1 + Number(this.#received.toString('latin1', 0, Math.max(0, colon)));
      if (colon === -1 || this.#received.length < end) return;
      const text = this.#received.toString('utf8', colon + 1, end);
      this.#received = this.#received.subarray(end);
      this.#hear(JSON.parse(text));
    }
  }

  /** `[1, id, error, result]`. The greeting is an object. */
  #hear(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message as [
      number,
      number,
      { error: string; message: string } | null,
      unknown,
    ];
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (error === null) answer?.resolve(result);
    else answer?.reject(new MarionetteError(`${error.error}: ${error.message}`));
  }
}
