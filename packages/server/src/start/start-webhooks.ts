import { Identity } from '../modules/identity/index.ts';
import type { Webhooks } from '../modules/webhooks/index.ts';
import type { Clock } from '../platform/clock.ts';
import { loadMasterKeys } from '../platform/config/index.ts';
import type { Config } from '../platform/config/index.ts';
import { SecretBox } from '../platform/crypto/index.ts';
import { connectHints } from '../platform/database/hints.ts';
import type { Logger } from '../platform/log.ts';
import { Outbound } from '../platform/outbound/index.ts';
import { Closers } from './closers.ts';
import { composeWebhooks } from './compose-webhooks.ts';
import { openPool } from './open-pool.ts';

/** A process that does nothing but make the calls of webhooks. */
export interface RunningWebhooks {
  readonly webhooks: Webhooks;
  /** Finishes the requests under way and ends. */
  stop(): Promise<void>;
}

export interface StartWebhooksOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** How long the webhooks of a dead process wait for another one, in milliseconds of the clock. */
  readonly leaseMs: number;
  /** How often leases are renewed, in milliseconds of the machine's clock. */
  readonly lookEveryMs: number;
}

/** Starts the part of a worker that makes the calls of webhooks. The database must be up to date, `databaseUrl` configured. */
export async function startWebhooks(
  config: Config,
  { log, clock, ...options }: StartWebhooksOptions,
): Promise<RunningWebhooks> {
  const { database: place, outboundAllowed } = config;
  if (place.kind !== 'external') throw new Error('calls of webhooks need DATABASE_URL');
  const closers = new Closers();
  const database = openPool({
    url: place.url,
    connections: config.databaseConnections,
    applicationName: 'carillon webhooks',
    log,
  });
  closers.add('the database pool', () => database.end());
  const hints = await connectHints(database, log);
  closers.add('hints', () => hints.end());
  const outbound = new Outbound(outboundAllowed);
  closers.add('connections to URLs of apps', async () => outbound.close());
  const box = new SecretBox(await loadMasterKeys(config));
  const { webhooks, webhookCaller } = composeWebhooks({
    ...options,
    database,
    clock,
    log,
    hints,
    box,
    outbound,
    outboundAllowed,
    identity: new Identity({ database, clock }),
    closers,
  });
  webhookCaller.start();
  closers.add('calls of webhooks', () => webhookCaller.stop());
  return {
    webhooks,
    stop: () => closers.closeAll((name, error) => log.error({ error }, `${name} did not end as it should`)),
  };
}
