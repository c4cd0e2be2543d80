import type { IncomingHttpHeaders } from 'node:http2';

export interface Http2Request {
  readonly method: 'GET' | 'POST';
  /** `https://host[:port]`, or `http://host[:port]` for a peer that speaks HTTP/2 in the clear. */
  readonly origin: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. The pseudo-headers are added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | null;
  /** For all of it, from waiting for a connection to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Largest body of an answer. */
  readonly mostBytes: number;
}

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}
