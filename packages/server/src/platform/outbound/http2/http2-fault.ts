export type Http2FaultKind =
  /** It cannot be made: a URL, a path, a header or a certificate that is none. */
  | 'invalid'
  /** The address is not on the public internet. */
  | 'forbidden'
  /** There is no connection, and none could be made. */
  | 'unreachable'
  /** The server can be reached, and speaks only HTTP/1.1. */
  | 'not-http2'
  /** The peer said that it has not looked at the request: GOAWAY or REFUSED_STREAM, more than once. */
  | 'not-processed'
  /** The stream or its connection was cut before the whole answer had come. */
  | 'cut'
  | 'timeout'
  | 'too-large';

/**
 * A request that got no whole answer. `isInDoubt` is true when the peer may have acted on it: a repetition
 * may then do twice what should be done once. The message names no address.
 */
export class Http2Fault extends Error {
  override readonly name = 'Http2Fault';
  readonly kind: Http2FaultKind;
  readonly isInDoubt: boolean;

  constructor(kind: Http2FaultKind, message: string, more: ErrorOptions & { isInDoubt?: boolean } = {}) {
    super(message, more);
    this.kind = kind;
    this.isInDoubt = more.isInDoubt ?? (kind === 'cut' || kind === 'too-large');
  }
}
