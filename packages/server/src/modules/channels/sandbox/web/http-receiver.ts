import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a receiver answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpReceiver {
  /** `http://127.0.0.1:2529`. */
  readonly origin: string;
  /** Connections that are open now. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

export interface HttpReceiverOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Null: there is no answer, and the connection is cut. */
  readonly answerTo: (request: IncomingMessage) => Promise<HttpAnswer | null>;
}

const LARGEST_BODY = 256 * 1024;

/** Listens for requests as a provider's API does. */
export async function startHttpReceiver({
  host,
  port: asked,
  answerTo,
}: HttpReceiverOptions): Promise<HttpReceiver> {
  const server = createServer((request, response) => {
    void answerTo(request).then((answer) => {
      if (answer === null) request.socket.destroy();
      else response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(asked, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  let open = 0;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  return {
    origin: `http://${host}:${port}`,
    connections: () => open,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The body of a request. Throws when it is larger than any that a provider takes. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
