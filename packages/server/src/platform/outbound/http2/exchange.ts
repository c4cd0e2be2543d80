import { validateHeaderValue } from 'node:http';
import { constants } from 'node:http2';
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
} from 'node:http2';
import { Http2Fault } from './http2-fault.ts';
import type { Http2Answer, Http2Request } from './http2-request.ts';
import type { TimeLimit } from './time-limit.ts';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

/** Node sends any other path as it is, and servers differ in what they make of it. */
const PATH = /^\/[!-~]*$/;

/** What node says of a session that takes no more requests: nothing was sent. */
const SESSION_IS_OVER = new Set([
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_OUT_OF_STREAMS',
]);

/** The last stream that the peer says to have looked at, and its words; null while it has said nothing. */
export type Goaway = { readonly lastStream: number; readonly words: string } | null;

/**
 * One request on an open session. Rejects with Http2Fault; `goaway` tells what the session has heard by the
 * time the stream ends.
 */
export function exchange(
  session: ClientHttp2Session,
  { method, path, headers = {}, body = null, mostBytes }: Http2Request,
  limit: TimeLimit,
  goaway: () => Goaway,
): Promise<Http2Answer> {
  return new Promise((resolve, reject) => {
    check(path, headers);
    const stream = open(session, { ':method': method, ':path': path, ...headers }, body === null);
    let head: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
    let length = 0;
    const chunks: Buffer[] = [];
    let fault: Http2Fault | null = null;
    const giveUp = (why: Http2Fault) => {
      fault ??= why;
      stream.close(NGHTTP2_CANCEL);
    };
    limit.watch(() => giveUp(timeoutOf(limit, true)));
    stream.on('response', (received) => {
      head = received;
    });
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= mostBytes) chunks.push(chunk);
      else giveUp(new Http2Fault('too-large', `the answer is larger than ${mostBytes} bytes`));
    });
    // `close` follows, and tells the same.
    stream.on('error', () => undefined);
    stream.on('close', () => {
      const status = head[':status'];
      // A cut stream ends as a whole one does: only its code tells them apart.
      const isWhole = stream.rstCode === NGHTTP2_NO_ERROR && status !== undefined && stream.readableEnded;
      if (fault !== null) reject(fault);
      else if (!isWhole) reject(faultOf(stream, goaway()));
      else resolve({ status, headers: head, body: Buffer.concat(chunks, length) });
    });
    if (body !== null) stream.end(body);
  });
}

export function timeoutOf({ ms }: TimeLimit, isInDoubt: boolean): Http2Fault {
  return new Http2Fault('timeout', `no answer within ${ms / 1000} s`, { isInDoubt });
}

/** Throws Http2Fault `invalid`: node looks at no header's value here. */
function check(path: string, headers: Readonly<Record<string, string>>): void {
  try {
    for (const name in headers) validateHeaderValue(name, headers[name] ?? '');
  } catch (error) {
    throw unsendable(error);
  }
  if (!PATH.test(path)) throw unsendable();
}

function open(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string>>,
  endStream: boolean,
): ClientHttp2Stream {
  try {
    return session.request(headers, { endStream });
  } catch (error) {
    if (SESSION_IS_OVER.has((error as NodeJS.ErrnoException).code ?? '')) {
      throw new Http2Fault('not-processed', 'the connection takes no more requests', { cause: error });
    }
    throw unsendable(error);
  }
}

function unsendable(cause?: unknown): Http2Fault {
  return new Http2Fault('invalid', 'a header or the path is none that a request can have', { cause });
}

function faultOf(stream: ClientHttp2Stream, goaway: Goaway): Http2Fault {
  const words = goaway === null || goaway.words === '' ? '' : `: ${goaway.words}`;
  const isBeyond = goaway !== null && (stream.id === undefined || stream.id > goaway.lastStream);
  if (isBeyond || stream.rstCode === NGHTTP2_REFUSED_STREAM) {
    return new Http2Fault('not-processed', `the server did not look at the request${words}`);
  }
  return new Http2Fault('cut', `the connection was cut before the answer had come${words}`);
}
