import { connect as connectPlain, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectSecure, createSecureContext, rootCertificates } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import { guardedLookup, refuseAddress } from '../guarded-lookup.ts';
import { OutboundFault } from '../outbound-fault.ts';
import { Http2Fault } from './http2-fault.ts';

/** Who we are to the peer, and whom we trust beside the public authorities. */
export interface TlsIdentity {
  /** PEM. Or both in one as `pfx`. */
  readonly cert?: string;
  readonly key?: string;
  /** PKCS #12. */
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  /** PEM of authorities that are trusted besides. */
  readonly ca?: readonly string[];
}

export interface SocketOptions {
  readonly tls: TlsIdentity | null;
  /** Which addresses may be connected to; null: every one. */
  readonly isReachable: ((address: string) => boolean) | null;
}

const NOT_HTTP2 = 'the server does not speak HTTP/2';
/** What TLS says of a server that offers other protocols only. One that offers none agrees to none. */
const REFUSED_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** A connected socket that is agreed to speak HTTP/2. Rejects with Http2Fault. */
export async function openSocket(
  origin: URL,
  { tls, isReachable }: SocketOptions,
  signal: AbortSignal,
): Promise<Socket> {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const isSecure = origin.protocol === 'https:';
  try {
    if (isReachable !== null) refuseAddress(host, isReachable);
    const address = {
      host,
      port: Number(origin.port || (isSecure ? 443 : 80)),
      ...(isReachable !== null && { lookup: guardedLookup(isReachable) }),
    };
    if (!isSecure) return await connected(connectPlain(address), 'connect', signal);
    const socket = connectSecure({
      ...address,
      secureContext: contextOf(tls),
      ...(isIP(host) === 0 && { servername: host }),
      ALPNProtocols: ['h2'],
    });
    await connected(socket, 'secureConnect', signal);
    if (socket.alpnProtocol === 'h2') return socket;
    socket.destroy();
    throw new Http2Fault('not-http2', NOT_HTTP2);
  } catch (error) {
    throw faultOf(error, signal);
  }
}

/** Throws Http2Fault `invalid`. */
function contextOf(tls: TlsIdentity | null): SecureContext {
  const { ca = [], ...identity } = tls ?? {};
  try {
    return createSecureContext({ ...identity, ca: [...rootCertificates, ...ca], minVersion: 'TLSv1.2' });
  } catch (error) {
    throw new Http2Fault('invalid', 'the certificate, its key or the passphrase cannot be used', {
      cause: error,
    });
  }
}

function connected<Kind extends Socket | TLSSocket>(
  socket: Kind,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<Kind> {
  return new Promise((resolve, reject) => {
    const give = () => socket.destroy(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.once(event, () => {
      signal.removeEventListener('abort', give);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

function faultOf(error: unknown, signal: AbortSignal): Http2Fault {
  if (error instanceof Http2Fault) return error;
  if (error instanceof OutboundFault) return new Http2Fault('forbidden', error.message, { cause: error });
  if (signal.aborted) return new Http2Fault('unreachable', 'no connection in time', { cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  if (code === REFUSED_PROTOCOL) return new Http2Fault('not-http2', NOT_HTTP2, { cause: error });
  const words = code === undefined ? 'the connection failed' : `the connection failed (${code})`;
  return new Http2Fault('unreachable', words, { cause: error });
}
