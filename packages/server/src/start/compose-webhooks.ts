import { findAppNames } from '../modules/accounts/index.ts';
import type { Identity } from '../modules/identity/index.ts';
import { journeysThatCall } from '../modules/journeys/index.ts';
import { openWebhookSettings, WebhookCaller, WebhookRenderer, Webhooks } from '../modules/webhooks/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretBox } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Hints } from '../platform/database/hints.ts';
import type { Logger } from '../platform/log.ts';
import { reachableAddresses } from '../platform/outbound/index.ts';
import type { Outbound } from '../platform/outbound/index.ts';
import { ShortMemory } from '../platform/short-memory.ts';
import type { Closers } from './closers.ts';

const LEASE_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

export interface ComposeWebhooksOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hints: Hints;
  readonly box: SecretBox;
  readonly outbound: Outbound;
  readonly identity: Identity;
  /** Addresses that are not public and that webhooks may lead to. */
  readonly outboundAllowed: readonly string[];
  readonly closers: Closers;
  /** A webhook stays with the process that makes its calls for as long without a word from it, in milliseconds. */
  readonly leaseMs?: number;
  /** How often leases are renewed, in milliseconds of the machine's clock. */
  readonly lookEveryMs?: number;
}

/** Webhooks that journeys call, and who calls them in this process. */
export function composeWebhooks(options: ComposeWebhooksOptions): {
  readonly webhooks: Webhooks;
  readonly webhookCaller: WebhookCaller;
} {
  const { database, clock, log, hints, box, closers, outbound, identity } = options;
  const renderer = new WebhookRenderer({ clock, log, name: 'webhook rendering' });
  closers.add('rendering of webhooks', () => renderer.close());
  const names = new ShortMemory(clock, { lifeMs: 10_000, most: 1_000 }, (id) => findAppNames(database, id));
  const appObjects = async (id: string) => {
    const found = await names.get(id);
    return { app: { id, name: found?.name ?? '' }, org: found?.org ?? { id: '', name: '' } };
  };
  const calling = { database, clock, outbound, renderer, appObjects };
  return {
    webhooks: new Webhooks({
      ...calling,
      identity,
      box,
      isReachable: reachableAddresses(options.outboundAllowed),
      usedBy: journeysThatCall,
      onChange: () => hints.give('webhooks'),
    }),
    webhookCaller: new WebhookCaller({
      ...calling,
      hints,
      log,
      leaseMs: options.leaseMs ?? LEASE_MS,
      lookEveryMs: options.lookEveryMs ?? LOOK_EVERY_MS,
      settingsOf: (webhook) => openWebhookSettings(box, webhook),
      onDisabled: ({ appId, name }, reason) =>
        log.warn({ appId, webhook: name, reason }, 'a webhook was disabled'),
    }),
  };
}
