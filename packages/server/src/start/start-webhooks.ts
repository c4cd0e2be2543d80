import { Identity } from '../modules/identity/index.ts';
import type { Webhooks } from '../modules/webhooks/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/index.ts';
import type { Logger } from '../platform/log.ts';
import { composeWebhooks } from './compose-webhooks.ts';
import { openOutgoing } from './open-outgoing.ts';

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
  { log, ...options }: StartWebhooksOptions,
): Promise<RunningWebhooks> {
  const { parts, close } = await openOutgoing(config, log, 'webhooks');
  const identity = new Identity({ database: parts.database, clock: options.clock });
  const { webhooks, webhookCaller } = composeWebhooks({ ...options, ...parts, identity });
  webhookCaller.start();
  parts.closers.add('calls of webhooks', () => webhookCaller.stop());
  return { webhooks, stop: close };
}
