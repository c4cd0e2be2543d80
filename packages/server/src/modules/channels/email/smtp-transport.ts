import { Readable } from 'node:stream';
import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { SmtpSettings } from './email-account.ts';
import type { WrittenMail } from './mail.ts';

/** A server that does not answer is given up after this, so that a page ends in bounded time. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

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
  { messageId, sender, recipient, bytes }: WrittenMail,
): Promise<Sent> {
  const message = {
    getHeader: () => messageId,
    messageId: () => messageId,
    getEnvelope: () => ({ from: sender, to: [recipient], size: bytes.length }),
    createReadStream: () => new BytesOnce(bytes),
  };
  return new Promise((resolve, reject) => {
    transport.send({ data: {}, message } as unknown as PooledMail, (error, sent) =>
      sent === undefined ? reject(error) : resolve(sent),
    );
  });
}

/** A stream of one piece. It must be a stream: only of one does nodemailer know whether a byte has left. */
class BytesOnce extends Readable {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }

  override _read(): void {
    this.push(this.#bytes);
    this.push(null);
  }
}
