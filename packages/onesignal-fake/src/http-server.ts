import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from './reply.ts';

/** A request with its whole body. */
export interface Arrival {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** How an answer leaves: whole, in two bits with `slowMs` between them, or never. */
export interface Departure {
  readonly reply: Reply;
  readonly way: 'whole' | 'slow' | 'lost' | 'reset';
  readonly delayMs: number;
  readonly slowMs: number;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The largest file that an import may have, and a little. */
const MOST_BYTES = 160_000_000;

/** Serves on loopback. */
export async function serve(port: number, act: (arrival: Arrival) => Departure): Promise<HttpServer> {
  const server: Server = createServer((request, response) => {
    void take(request, response, act);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close').catch(() => undefined);
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  act: (arrival: Arrival) => Departure,
): Promise<void> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://fake');
  request.on('error', () => undefined);
  response.on('error', () => undefined);
  const body = await bodyOf(request);
  if (body === null) {
    request.socket.destroy();
    return;
  }
  const { reply, way, delayMs, slowMs } = act({ method, url, headers: request.headers, body });
  const leave = () => {
    if (way === 'lost') request.socket.destroy();
    else if (way === 'reset') request.socket.resetAndDestroy();
    else write(response, reply, way === 'slow' ? slowMs : 0);
  };
  if (delayMs > 0) setTimeout(leave, delayMs);
  else leave();
}

/** null where the caller went away or sends more than anything here takes. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, body, headers }: Reply, slowMs: number): void {
  const isFile = Buffer.isBuffer(body);
  const type = isFile ? 'application/gzip' : body === null ? 'text/plain' : 'application/json';
  const text = isFile ? body : body === null ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': type, ...headers });
  if (slowMs === 0 || text.length < 2) {
    response.end(text);
    return;
  }
  const half = Math.floor(text.length / 2);
  response.write(text.slice(0, half));
  setTimeout(() => response.end(text.slice(half)), slowMs);
}
