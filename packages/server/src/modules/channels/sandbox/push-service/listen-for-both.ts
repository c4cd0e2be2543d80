import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createSecureServer, createServer as createHttp2Server } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { createServer } from 'node:net';
import type { Server as AnyServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export type Asked = IncomingMessage | Http2ServerRequest;
export type Answering = ServerResponse | Http2ServerResponse;

export interface BothHandlers {
  readonly request: (request: Asked, response: Answering) => void;
  /** A connection that wants to speak WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** For `https`. `protocols` are offered in this order; `h2` and `http/1.1` when absent. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly protocols?: readonly ('h2' | 'http/1.1')[];
}

/** How a client begins that speaks HTTP/2 without having asked (RFC 9113, 3.4). */
const PREFACE = 'PRI';

/** A server that speaks HTTP/1.1 and HTTP/2 on one port, in the clear or with TLS. It does not listen yet. */
export function serverForBoth({ request, upgrade }: BothHandlers, tls: TlsOptions | null): AnyServer {
  if (tls !== null) {
    const { cert, key, protocols = ['h2', 'http/1.1'] } = tls;
    const server = createSecureServer({ cert, key, allowHTTP1: true, ALPNProtocols: [...protocols] });
    return server.on('request', request).on('upgrade', upgrade);
  }
  const plain: Server = createPlainServer(request).on('upgrade', upgrade);
  const http2 = createHttp2Server(request);
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    handOver(socket, (first) => (first === PREFACE ? http2 : plain));
  });
}

/** Gives a connection to the server that its first letters ask for. */
function handOver(socket: Socket, serverFor: (first: string) => AnyServer): void {
  socket.once('readable', () => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    const server = serverFor(bytes.toString('latin1', 0, PREFACE.length));
    socket.unshift(bytes);
    server.emit('connection', socket);
  });
}
