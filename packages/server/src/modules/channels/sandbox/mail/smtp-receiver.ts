import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';
import { sleep } from '../../../../platform/clock.ts';
import type { Clock } from '../../../../platform/clock.ts';
import { readHeader } from './read-header.ts';
import { fateOf, scriptedFaultOf } from './scripted-fault.ts';
import type { MailFate } from './scripted-fault.ts';

/** A mail as it came off the wire. */
export interface ArrivedMail {
  readonly sender: string;
  readonly recipient: string;
  /** The Message-ID with its brackets; empty when there is none. */
  readonly providerId: string;
  /** Header lines and body, as sent; the beginning only when the receiver keeps no bodies. */
  readonly raw: Buffer;
  /** Which provider's API it came through; empty: over SMTP. */
  readonly account: string;
  /** What a provider would report later. */
  readonly fate: MailFate;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface SmtpReceiverOptions {
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** False: bodies are read and thrown away. */
  readonly keepsBodies: boolean;
  /** Takes the mail in. The sender gets its 250 when this resolves, or 451 when it rejects. */
  readonly take: (mail: ArrivedMail) => Promise<void>;
}

export interface SmtpReceiver {
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

const SLOW_MS = 1_000;
const LARGEST_MAIL = 30 * 1024 * 1024;

/**
 * A mail server that speaks SMTP, takes mail for everyone, and plays the faults that the recipient's
 * address asks for (scripted-fault.ts). It passes nothing on.
 */
export async function startSmtpReceiver(options: SmtpReceiverOptions): Promise<SmtpReceiver> {
  const { clock } = options;
  const deferredOnce = new Set<string>();
  // A platform without a sandbox goes without it.
  const { SMTPServer: Server } = await import('smtp-server');
  const server: SMTPServer = new Server({
    banner: 'Carillon sandbox',
    authOptional: true,
    allowInsecureAuth: true,
    // STARTTLS would need a certificate that clients trust; the sandbox is reached on this machine.
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: LARGEST_MAIL,
    closeTimeout: 500,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? 'anyone' }),
    onRcptTo({ address }, _session, callback) {
      const fault = scriptedFaultOf(address);
      if (fault === 'refuse') return callback(reply(550, '5.1.1 The sandbox refuses this address'));
      const deferred =
        fault === 'defer' || fault === 'busy' || (fault === 'once' && !deferredOnce.has(address));
      if (!deferred) return callback();
      deferredOnce.add(address);
      callback(reply(451, '4.2.1 The sandbox defers this address'));
    },
    onData(stream, session, callback) {
      void answer(stream, session, callback);
    },
  });
  // A peer that goes away in the middle of a mail is not an error here.
  server.on('error', () => undefined);

  async function answer(
    stream: Readable,
    session: SMTPServerSession,
    callback: (error: Error | null, message?: string) => void,
  ): Promise<void> {
    try {
      await receive(stream, session);
      callback(null, 'kept by the sandbox');
    } catch {
      callback(reply(451, '4.3.0 The sandbox could not keep this mail'));
    }
  }

  async function receive(stream: Readable, session: SMTPServerSession): Promise<void> {
    const recipient = session.envelope.rcptTo[0]?.address ?? '';
    const fault = scriptedFaultOf(recipient);
    if (fault === 'drop') return cut(server, session);
    const raw = await readAll(stream, options.keepsBodies);
    if (fault === 'slow') await sleep(clock, SLOW_MS);
    const sender = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
    const providerId = readHeader(raw, 'Message-ID') ?? '';
    await options.take({
      account: '',
      sender,
      recipient,
      providerId,
      raw,
      fate: fateOf(fault),
      at: clock.now(),
    });
    if (fault === 'lost') cut(server, session);
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    connections: () => server.connections.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** Ends the session's connection without a word. */
function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    const { id, _socket } = connection as { id: string; _socket: { destroy(): void } };
    if (id === session.id) _socket.destroy();
  }
}

async function readAll(stream: Readable, keepsBody: boolean): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let headerEnded = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (headerEnded) continue;
    chunks.push(chunk);
    if (!keepsBody) headerEnded = chunk.includes('\r\n\r\n');
  }
  return Buffer.concat(chunks);
}
