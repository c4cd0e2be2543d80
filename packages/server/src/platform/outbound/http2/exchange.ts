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

/** What becomes of one request: it is told once. */
export type Settle = (result: Http2Answer | Http2Fault) => void;

const NOTHING = Buffer.alloc(0);
const ignore = (): void => undefined;

/**
 * One request on an open session; `goaway` tells what the session has heard by the time the stream ends. Told by a
 * call and not by a promise: each layer of promises on the way of a push costs as much as making its payload.
 */
export function exchange(
  session: ClientHttp2Session,
  asked: Http2Request,
  limit: TimeLimit,
  goaway: () => Goaway,
  settle: Settle,
): void {
  const stream = open(session, asked);
  if (stream instanceof Http2Fault) return settle(stream);
  const answer = new Incoming(stream, asked.mostBytes);
  limit.watch(() => answer.giveUp(timeoutOf(limit, true)));
  stream.on('close', () => settle(answer.result(goaway)));
  const { body = null } = asked;
  if (body !== null) stream.end(body);
}

/** An answer as it comes in. */
class Incoming {
  readonly #stream: ClientHttp2Stream;
  #head: (IncomingHttpHeaders & IncomingHttpStatusHeader) | null = null;
  #length = 0;
  #chunks: Buffer[] | null = null;
  #fault: Http2Fault | null = null;

  constructor(stream: ClientHttp2Stream, mostBytes: number) {
    this.#stream = stream;
    stream.on('response', (head) => {
      this.#head = head;
    });
    stream.on('data', (chunk: Buffer) => {
      this.#length += chunk.length;
      if (this.#length <= mostBytes) (this.#chunks ??= []).push(chunk);
      else this.giveUp(new Http2Fault('too-large', `the answer is larger than ${mostBytes} bytes`));
    });
    // `close` follows, and tells the same.
    stream.on('error', ignore);
  }

  giveUp(why: Http2Fault): void {
    this.#fault ??= why;
    this.#stream.close(NGHTTP2_CANCEL);
  }

  /** Once the stream is closed. */
  result(goaway: () => Goaway): Http2Answer | Http2Fault {
    if (this.#fault !== null) return this.#fault;
    const stream = this.#stream;
    const status = this.#head?.[':status'];
    // A cut stream ends as a whole one does: only its code tells them apart.
    const isWhole = stream.rstCode === NGHTTP2_NO_ERROR && stream.readableEnded;
    if (!isWhole || this.#head === null || status === undefined) return faultOf(stream, goaway());
    const body = this.#chunks === null ? NOTHING : Buffer.concat(this.#chunks, this.#length);
    return { status, headers: this.#head, body };
  }
}

export function timeoutOf({ ms }: TimeLimit, isInDoubt: boolean): Http2Fault {
  return new Http2Fault('timeout', `no answer within ${ms / 1000} s`, { isInDoubt });
}

/** The request's stream, or why there is none. Node looks at no header's value here. */
function open(
  session: ClientHttp2Session,
  { method, path, headers = {}, body = null }: Http2Request,
): ClientHttp2Stream | Http2Fault {
  if (!PATH.test(path)) return unsendable();
  try {
    const all: Record<string, string> = { ':method': method, ':path': path };
    for (const name in headers) {
      const value = headers[name] ?? '';
      validateHeaderValue(name, value);
      all[name] = value;
    }
    return session.request(all, { endStream: body === null });
  } catch (error) {
    if (SESSION_IS_OVER.has((error as NodeJS.ErrnoException).code ?? '')) {
      return new Http2Fault('not-processed', 'the connection takes no more requests', { cause: error });
    }
    return unsendable(error);
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
