import type { Clock } from '../platform/clock.ts';
import { loadMasterKeys } from '../platform/config/index.ts';
import type { Config } from '../platform/config/index.ts';
import { SecretBox } from '../platform/crypto/index.ts';
import { connectHints } from '../platform/database/hints.ts';
import type { Logger } from '../platform/log.ts';
import { Outbound } from '../platform/outbound/index.ts';
import { Closers } from './closers.ts';
import { composeStreams } from './compose-streams.ts';
import { openPool } from './open-pool.ts';

/** A process that does nothing but work event streams. */
export interface RunningStreams {
  /** The id under which it claims streams. */
  readonly owner: string;
  /** Finishes the requests under way and ends. */
  stop(): Promise<void>;
}

export interface StartStreamsOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** How long the streams of a dead process wait for another one, in milliseconds of the clock. */
  readonly leaseMs: number;
  /** How often leases are renewed, in milliseconds of the machine's clock. */
  readonly lookEveryMs: number;
}

/** Starts the part of a worker that works event streams. The database must be up to date, `databaseUrl` configured. */
export async function startStreams(
  config: Config,
  { log, ...options }: StartStreamsOptions,
): Promise<RunningStreams> {
  const { database: place, outboundAllowed } = config;
  if (place.kind !== 'external') throw new Error('event streams need DATABASE_URL');
  const closers = new Closers();
  const database = openPool({
    url: place.url,
    connections: config.databaseConnections,
    applicationName: 'carillon streams',
    log,
  });
  closers.add('the database pool', () => database.end());
  const hints = await connectHints(database, log);
  closers.add('hints', () => hints.end());
  const outbound = new Outbound(outboundAllowed);
  closers.add('connections to URLs of apps', async () => outbound.close());
  const box = new SecretBox(await loadMasterKeys(config));
  const { streamRunner } = composeStreams({
    ...options,
    database,
    log,
    hints,
    box,
    outbound,
    outboundAllowed,
    closers,
  });
  streamRunner.start();
  closers.add('event streams', () => streamRunner.stop());
  return {
    owner: streamRunner.owner,
    stop: () => closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`)),
  };
}
