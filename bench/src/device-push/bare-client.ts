import { once } from 'node:events';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';

export interface BareRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** node:http2 and nothing else: some sessions, and so many requests at a time on each. */
export class BareClient {
  readonly #sessions: readonly ClientHttp2Session[];
  readonly #streams: number;

  constructor(origin: string, sessions: number, streams: number) {
    this.#sessions = Array.from({ length: sessions }, () => connect(origin));
    this.#streams = streams;
  }

  /** Sends `count` requests; `requestOf` makes each. Rejects when one is not answered with 200. */
  async send(count: number, requestOf: (index: number) => BareRequest): Promise<void> {
    let next = 0;
    const sendLeft = async (session: ClientHttp2Session) => {
      for (let index = next++; index < count; index = next++) await post(session, requestOf(index));
    };
    const loops = this.#sessions.flatMap((session) =>
      Array.from({ length: this.#streams }, () => sendLeft(session)),
    );
    await Promise.all(loops);
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#sessions.map(async (session) => {
        const closed = once(session, 'close');
        session.destroy();
        await closed;
      }),
    );
  }
}

/** The body of the answer. Rejects when its status is not 200. */
export function post(session: ClientHttp2Session, { path, headers, body }: BareRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    let status = 0;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (head) => {
      status = head[':status'] ?? 0;
    });
    stream.on('data', (chunk: string) => {
      text += chunk;
    });
    stream.on('error', reject);
    stream.on('close', () => (status === 200 ? resolve(text) : reject(new Error(`${status} ${text}`))));
    stream.end(body);
  });
}
