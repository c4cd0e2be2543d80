import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Config } from '../platform/config/index.ts';

/**
 * The port that the HTTP server will listen on. Known before it listens, because links in mails and
 * the sandbox's reports name it: for port 0 a free one is found and let go again.
 */
export async function choosePort({ host, port }: Pick<Config, 'host' | 'port'>): Promise<number> {
  if (port !== 0) return port;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen({ host, port: 0 }, resolve);
  });
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
