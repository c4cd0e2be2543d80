import { loadMasterKeys } from '../platform/config/index.ts';
import type { Config } from '../platform/config/index.ts';
import { SecretBox } from '../platform/crypto/index.ts';
import { connectHints } from '../platform/database/hints.ts';
import type { Logger } from '../platform/log.ts';
import { Outbound } from '../platform/outbound/index.ts';
import { Closers } from './closers.ts';
import { openPool } from './open-pool.ts';

/**
 * What a process needs that does nothing but ask URLs of apps: `part` names what it does. `close` ends all of it, and what
 * was added to the closers meanwhile.
 */
export async function openOutgoing(config: Config, log: Logger, part: string) {
  const { database: place, outboundAllowed } = config;
  if (place.kind !== 'external') throw new Error(`${part} need DATABASE_URL`);
  const closers = new Closers();
  const database = openPool({
    url: place.url,
    connections: config.databaseConnections,
    applicationName: `carillon ${part}`,
    log,
  });
  closers.add('the database pool', () => database.end());
  const hints = await connectHints(database, log);
  closers.add('hints', () => hints.end());
  const outbound = new Outbound(outboundAllowed);
  closers.add('connections to URLs of apps', async () => outbound.close());
  return {
    parts: {
      database,
      hints,
      outbound,
      outboundAllowed,
      box: new SecretBox(await loadMasterKeys(config)),
      closers,
      log,
    },
    close: () => closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`)),
  };
}
