import { Readable } from 'node:stream';
import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { SmtpSettings } from './smtp-account.ts';
import type { WrittenMail } from '../mail.ts';

/** A server that does not answer is given up after this, so that a page ends in bounded time. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

const LARGEST_BIT = 256 * 1024;

type PooledMail = Parameters<SMTPPool['send']>[0];
type Sent = NonNullable<Parameters<Parameters<SMTPPool['send']>[1]>[1]>;

/** Connections that have had nothing to do for `idleMs` are closed. */
export function openTransport(settings: SmtpSettings, idleMs: number): SMTPPool {
  const { host, port, security, user, password, connections } = settings;
  return new SMTPPool({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // Only mails of which not a byte had been sent are moved to another connection.
    maxRequeues: 1,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    idleTimeout: idleMs,
  });
}

/** Nodemailer's pool without its composer: what a transport asks of a mail, answered from the written one. */
export function post(
  transport: SMTPPool,
  { messageId, sender, recipient, pieces }: WrittenMail,
): Promise<Sent> {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const message = {
    getHeader: () => messageId,
    messageId: () => messageId,
    getEnvelope: () => ({ from: sender, to: [recipient], size }),
    createReadStream: () => new PiecesOnce(pieces),
  };
  return new Promise((resolve, reject) => {
    transport.send({ data: {}, message } as unknown as PooledMail, (error, sent) =>
      sent === undefined ? reject(error) : resolve(sent),
    );
  });
}

/**
 * A stream of a mail's pieces, nearly always one. It must be a stream: only of one does nodemailer know
 * whether a byte has left. Large pieces leave bit by bit.
 */
class PiecesOnce extends Readable {
  readonly #pieces: readonly Buffer[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Buffer[]) {
    super();
    this.#pieces = pieces;
  }

  override _read(): void {
    const piece = this.#pieces[this.#piece];
    if (piece === undefined) return;
    const to = Math.min(piece.length, this.#at + LARGEST_BIT);
    this.push(piece.subarray(this.#at, to));
    this.#at = to;
    if (to < piece.length) return;
    this.#piece += 1;
    this.#at = 0;
    if (this.#piece === this.#pieces.length) this.push(null);
  }
}
