import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Reply } from './http2-receiver.ts';

/** What an HTTP/1.1 client has asked. */
export interface AskedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Http1ReceiverOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Rejects: 500. */
  readonly answer: (request: AskedRequest) => Promise<Reply>;
}

export interface Http1Receiver {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const LARGEST_BODY = 1_048_576;

/** An HTTP/1.1 server in the clear that answers with what replies say. A reset is a connection that is cut. */
export async function startHttp1Receiver({
  host,
  port,
  answer,
}: Http1ReceiverOptions): Promise<Http1Receiver> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => void serve(request, response, answer));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => sockets.size,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Http1ReceiverOptions['answer'],
): Promise<void> {
  const body = await readBody(request);
  if (body === null) return;
  const { method = '', url: path = '', headers } = request;
  const reply = await answer({ method, path, headers, body }).catch((): Reply => ({
    kind: 'answer',
    status: 500,
  }));
  switch (reply.kind) {
    case 'reset':
    case 'crash':
      request.socket.destroy();
      return;
    case 'answer':
      if (reply.leaves === true) response.setHeader('connection', 'close');
      response.writeHead(reply.status, reply.headers ?? {});
      if (reply.slowly !== undefined) {
        response.flushHeaders();
        await reply.slowly;
      }
      response.end(reply.body);
  }
}

/** Null: the peer has gone. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= LARGEST_BODY) chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}
