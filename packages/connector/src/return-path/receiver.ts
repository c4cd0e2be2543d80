import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Receive } from '../config/back.ts';
import type { SpoolWriter } from '../home/spool.ts';
import { BodyInvalid, readEvents } from './read-events.ts';
import { verifySender } from './verify-sender.ts';

const LONGEST_BODY = 1024 * 1024;

export interface Receiver {
  /** Where it listens. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Takes events that the target posts: a body that is genuine and whole is on the disk before it is
 * answered. Nothing else is asked, so the answer does not depend on any database.
 */
export async function startReceiver(receive: Receive, spool: SpoolWriter): Promise<Receiver> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void take(receive, spool, request, response);
  });
  server.listen(receive.port ?? 4180, receive.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { url: `http://${host}:${port}${pathOf(receive)}`, close: () => close(server) };
}

async function take(
  receive: Receive,
  spool: SpoolWriter,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?')[0];
  if (path === '/health') return answer(response, 200, { status: 'ready' });
  if (path !== pathOf(receive)) return answer(response, 404, { error: `events go to ${pathOf(receive)}` });
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return answer(response, 405, { error: 'events are posted' });
  }
  const longest = receive.maxBodyBytes ?? LONGEST_BODY;
  const body = await readBody(request, longest);
  if (body === 'aborted') return;
  if (body === 'too long') {
    response.setHeader('connection', 'close');
    return answer(response, 413, { error: `a body has at most ${longest} bytes` });
  }
  const fault = verifySender(receive, request.headers, body, Date.now());
  if (fault !== null) return answer(response, 401, { error: fault });
  try {
    const events = readEvents(body);
    if (events.length > 0) await spool.append(body);
    answer(response, 200, { events: events.length });
  } catch (error) {
    if (error instanceof BodyInvalid) answer(response, 400, { error: error.message });
    // The disk does not take it: the sender is to try again.
    else answer(response, 503, { error: 'cannot be kept now' });
  }
}

/** What is too long is not read to its end, and can still be answered. */
function readBody(request: IncomingMessage, longest: number): Promise<Buffer | 'too long' | 'aborted'> {
  if (Number(request.headers['content-length'] ?? 0) > longest) return Promise.resolve('too long');
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > longest) {
        request.pause();
        resolve('too long');
      } else pieces.push(piece);
    });
    request.on('end', () => resolve(Buffer.concat(pieces)));
    request.on('error', () => resolve('aborted'));
    request.on('close', () => resolve('aborted'));
  });
}

function pathOf({ path = '/events' }: Receive): string {
  return path;
}

function answer(response: ServerResponse, status: number, json: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
}
