import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import type { SMTPServer, SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../../../platform/clock.ts';
import type { TokenSigner } from '../../../../platform/crypto/index.ts';
import type { Logger } from '../../../../platform/log.ts';
import type { RecordDeliveryEvents } from '../../delivery-event.ts';
import type { DeliveryReference } from '../../delivery-reference.ts';
import { reasonFrom } from '../reason-from.ts';
import { eventOfReport } from '../reports/email-report.ts';
import { readBounceAddress } from './bounce-address.ts';
import { readReport } from './read-report.ts';

export interface BounceServerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: TokenSigner;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

/** Takes reports of mails from other mail servers. */
export interface BounceServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Some servers send the whole mail back: it is read to its end, and only its beginning is kept, where reports stand. */
const LARGEST_MAIL = 40 * 1024 * 1024;
const KEPT_BYTES = 256 * 1024;
const MOST_CONNECTIONS = 100;
const MOST_RECIPIENTS = 20;
/** Somebody who guesses is sent away. */
const MOST_WRONG = 10;
const SILENCE_MS = 60_000;

/**
 * A mail server that takes mails for bounce addresses of ours and for nobody else, sends nothing, and answers when what
 * a mail tells is committed: whoever gets another answer brings it again.
 */
export async function startBounceServer(options: BounceServerOptions): Promise<BounceServer> {
  const { clock, log, signer, recordDeliveryEvents } = options;
  const wrong = new Map<string, number>();
  // A platform without it goes without it.
  const { SMTPServer: Server } = await import('smtp-server');
  const server: SMTPServer = new Server({
    banner: 'Carillon takes bounces',
    // Nobody logs in, and STARTTLS would need a certificate: a mail server before this one may have both.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: LARGEST_MAIL,
    maxClients: MOST_CONNECTIONS,
    socketTimeout: SILENCE_MS,
    closeTimeout: 500,
    onRcptTo({ address }, session, callback) {
      if (session.envelope.rcptTo.length >= MOST_RECIPIENTS) {
        return callback(reply(452, '4.5.3 Too many recipients: send the others another time'));
      }
      if (readBounceAddress(signer, address, clock.now()) !== null) return callback();
      const count = (wrong.get(session.id) ?? 0) + 1;
      wrong.set(session.id, count);
      callback(
        count < MOST_WRONG
          ? reply(550, '5.1.1 No mail of this server has this address, or not any more')
          : reply(421, '4.7.0 Too many unknown addresses'),
      );
    },
    onData(stream, session, callback) {
      void answer(stream, session, callback);
    },
    onClose: ({ id }) => void wrong.delete(id),
  });
  // A peer that goes away in the middle of a mail is not an error here.
  server.on('error', () => undefined);

  async function answer(
    stream: Readable & { readonly sizeExceeded?: boolean },
    session: SMTPServerSession,
    callback: (error: Error | null, message?: string) => void,
  ): Promise<void> {
    try {
      const raw = await readBeginning(stream);
      if (stream.sizeExceeded === true) return callback(reply(552, '5.3.4 The mail is too large'));
      await take(raw, session);
      callback(null, '2.0.0 Taken');
    } catch (error) {
      log.warn({ err: error }, 'a bounce was not recorded, and will be brought again');
      callback(reply(451, '4.3.0 Not now: bring it again'));
    }
  }

  async function take(raw: Buffer, { envelope }: SMTPServerSession): Promise<void> {
    const now = clock.now();
    const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
    const report = await readReport(raw, sender);
    if (report === null) return;
    const { kind } = report;
    const reason = reasonFrom(report.reason);
    const references = envelope.rcptTo.map(({ address }) => readBounceAddress(signer, address, now));
    const events = references
      .filter((reference): reference is DeliveryReference => reference !== null)
      .map((reference) => eventOfReport({ reference, kind, at: now, name: '', reason }));
    await recordDeliveryEvents(events);
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

async function readBeginning(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (length < KEPT_BYTES) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES);
}
