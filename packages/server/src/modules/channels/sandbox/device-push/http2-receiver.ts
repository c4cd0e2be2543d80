import { once } from 'node:events';
import { constants, createServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is done with a request. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** The body comes when this resolves. */
      readonly slowly?: Promise<void>;
      /** The connection ends with what has been begun: GOAWAY. */
      readonly leaves?: boolean;
    }
  /** RST_STREAM. */
  | { readonly kind: 'reset' }
  /** The connection is cut without a word. */
  | { readonly kind: 'crash' };

export interface Http2ReceiverOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Rejects: 500. */
  readonly answer: (request: ReceivedRequest) => Promise<Reply>;
}

export interface Http2Receiver {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const LARGEST_BODY = 65_536;
const STREAMS_A_CONNECTION = 1_000;

/** An HTTP/2 server in the clear: whoever asks knows beforehand that it is one. */
export async function startHttp2Receiver(options: Http2ReceiverOptions): Promise<Http2Receiver> {
  const server = createServer({ settings: { maxConcurrentStreams: STREAMS_A_CONNECTION } });
  const sockets = new Map<number | undefined, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  server.on('session', (session) => {
    const { remotePort } = session.socket;
    const connection = new Connection(session, options.answer, () => sockets.get(remotePort)?.destroy());
    session.on('error', () => undefined);
    session.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      void connection.serve(stream, headers);
    });
  });
  // A peer that goes away is no error here.
  server.on('sessionError', () => undefined);
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets.values()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One connection: it knows what it has begun, because that is what GOAWAY tells. */
class Connection {
  readonly #session: ServerHttp2Session;
  readonly #answer: Http2ReceiverOptions['answer'];
  /** Without a word: node's own way to end a session says GOAWAY. */
  readonly #cut: () => void;
  #lastBegun = 0;
  #underWay = 0;
  #isLeaving = false;

  constructor(session: ServerHttp2Session, answer: Http2ReceiverOptions['answer'], cut: () => void) {
    this.#session = session;
    this.#answer = answer;
    this.#cut = cut;
  }

  async serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        length += chunk.length;
        if (length <= LARGEST_BODY) chunks.push(chunk);
      }
    } catch {
      return;
    }
    const id = stream.id ?? 0;
    // The peer has been told that these are not looked at, and sends them elsewhere.
    if (stream.destroyed || (this.#isLeaving && id > this.#lastBegun)) return;
    this.#lastBegun = Math.max(this.#lastBegun, id);
    this.#underWay += 1;
    stream.once('close', () => {
      this.#underWay -= 1;
      if (this.#isLeaving && this.#underWay === 0) this.#session.close();
    });
    const reply = await this.#answer({ headers, body: Buffer.concat(chunks) }).catch((): Reply => ({
      kind: 'answer',
      status: 500,
    }));
    if (!stream.destroyed) await this.#reply(stream, reply);
  }

  async #reply(stream: ServerHttp2Stream, reply: Reply): Promise<void> {
    switch (reply.kind) {
      case 'reset':
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      case 'crash':
        this.#cut();
        return;
      case 'answer':
        if (reply.leaves === true) this.#leave();
        stream.respond({ ':status': reply.status, ...reply.headers });
        if (reply.slowly !== undefined) await reply.slowly;
        if (!stream.destroyed) stream.end(reply.body);
    }
  }

  #leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#session.goaway(constants.NGHTTP2_NO_ERROR, this.#lastBegun);
  }
}
