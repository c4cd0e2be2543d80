import { systemClock } from '../platform/clock.ts';
import { loadMasterKeys } from '../platform/config/index.ts';
import type { Config } from '../platform/config/index.ts';
import { SecretBox, TokenSigner } from '../platform/crypto/index.ts';
import { connectHints } from '../platform/database/hints.ts';
import { Partitions } from '../platform/database/partitions.ts';
import type { Logger } from '../platform/log.ts';
import { Closers } from './closers.ts';
import { composeModules } from './compose-modules.ts';
import { erasedAliases } from './erased-aliases.ts';
import { openPool } from './open-pool.ts';

/** A process that does nothing but send. */
export interface RunningSender {
  /** The id under which it claims chunks. */
  readonly owner: string;
  /** Finishes the pages under way and ends. */
  stop(): Promise<void>;
}

/**
 * Starts the sending part of a worker and nothing else: no HTTP, no lanes, no jobs. It starts in a
 * fraction of the time of a whole worker. The database must be up to date, `databaseUrl` and
 * `publicUrl` configured.
 */
export async function startSender(config: Config, log: Logger): Promise<RunningSender> {
  const { database: place, publicUrl } = config;
  if (place.kind !== 'external' || publicUrl === null) {
    throw new Error('a sender needs DATABASE_URL and CARILLON_PUBLIC_URL');
  }
  const closers = new Closers();
  const database = openPool({
    url: place.url,
    connections: config.databaseConnections,
    applicationName: 'carillon sender',
    log,
  });
  closers.add('the database pool', () => database.end());
  const hints = await connectHints(database, log);
  closers.add('hints', () => hints.end());
  const masterKeys = await loadMasterKeys(config);
  const { sender, endpointPoster } = composeModules({
    database,
    clock: systemClock,
    log,
    hints,
    partitions: new Partitions(database),
    box: new SecretBox(masterKeys),
    signer: new TokenSigner(masterKeys),
    erasedAliases: erasedAliases(masterKeys),
    publicUrl,
    outboundAllowed: config.outboundAllowed,
    sandbox: null,
    sends: true,
    sendLeaseMs: config.sendLeaseMs,
    closers,
  });
  sender.start();
  closers.add('the sender', () => sender.stop());
  endpointPoster.start();
  closers.add('posts to endpoints', () => endpointPoster.stop());
  return {
    owner: sender.owner,
    stop: () => closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`)),
  };
}
