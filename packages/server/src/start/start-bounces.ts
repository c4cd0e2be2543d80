import { startBounceServer } from '../modules/channels/index.ts';
import type { BounceServer, BounceServerOptions } from '../modules/channels/index.ts';
import type { BounceConfig } from '../platform/config/index.ts';
import type { Closers } from './closers.ts';

export interface StartBouncesOptions extends Omit<BounceServerOptions, 'host' | 'port'> {
  readonly bounces: BounceConfig;
  readonly closers: Closers;
}

/** Starts what takes bounces, on another free port where its usual one is taken. Returns where it listens. */
export async function startBounces({
  bounces: { host, port, isFixed },
  closers,
  ...options
}: StartBouncesOptions): Promise<{ readonly host: string; readonly port: number }> {
  const startAt = (at: number): Promise<BounceServer> => startBounceServer({ ...options, host, port: at });
  const server = await startAt(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || isFixed) throw error;
    options.log.info({ port }, 'bounces are taken on a free port: the usual one is taken');
    return startAt(0);
  });
  closers.add('what takes bounces', () => server.close());
  return { host, port: server.port };
}
