import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

/** A mail server that only notes when each recipient's mail was complete. */
export interface Arrivals {
  readonly port: number;
  /** Address to the time (performance.now) at which its mail had arrived. */
  readonly at: Map<string, number>;
  close(): Promise<void>;
}

export async function listenForArrivals(): Promise<Arrivals> {
  const at = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      stream.on('end', () => {
        at.set(session.envelope.rcptTo[0]?.address ?? '', performance.now());
        done();
      });
      stream.resume();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    at,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
