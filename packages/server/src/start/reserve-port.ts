import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import type { Config } from '../platform/config/index.ts';

export interface ReservedPort {
  readonly port: number;
  /** What listens on it already, for the HTTP server to take over; null where the port was named. */
  readonly listener: Server | null;
  /** Lets go of the port, whoever listens on it. */
  readonly release: () => Promise<void>;
}

/**
 * The port that the HTTP server will listen on. Known before it listens, because links in mails and
 * the sandbox's reports name it. For port 0 a free one is found and held, so that nobody else gets it
 * in between; whoever connects before the server is there is turned away.
 */
export async function reservePort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<ReservedPort> {
  if (port !== 0) return { port, listener: null, release: () => Promise.resolve() };
  const listener = createServer((early) => early.destroy());
  listener.listen({ host, port: 0 });
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    listener,
    release: async () => {
      listener.close();
      await once(listener, 'close');
    },
  };
}
