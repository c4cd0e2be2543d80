import { request as requestHttp } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A request to the byte: nothing is added to the headers but Host and Connection. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Answer {
  /** What was asked, for the reader of a failure: `POST /users`. */
  readonly asked: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON of the body; undefined when it is empty or something else. */
  readonly body: unknown;
}

const LONGEST_MS = 30_000;

/** Sends one request as it is given. Throws when there is no answer. */
export async function exchange({ method, url, headers, body }: Request): Promise<Answer> {
  const target = new URL(url);
  const start = target.protocol === 'https:' ? requestHttps : requestHttp;
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    // A length also where there is nothing to tell, as fetch does it for POST, PUT and PATCH.
    const length = method === 'GET' || method === 'DELETE' ? {} : { 'Content-Length': '0' };
    const own = body === undefined ? length : { 'Content-Length': String(Buffer.byteLength(body)) };
    const outgoing = start(target, { method, headers: { ...headers, ...own }, timeout: LONGEST_MS }, resolve);
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${LONGEST_MS} ms`)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return {
    asked: `${method} ${target.pathname}${target.search}`,
    status: message.statusCode ?? 0,
    headers: message.headers,
    text,
    body: jsonOf(text),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
