import { startSandboxOfPlatform } from '../modules/channels/index.ts';
import type { Sandbox } from '../modules/channels/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SandboxConfig } from '../platform/config/index.ts';
import type { TokenSigner } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';
import { appOfMessage, findDeliveriesOfPushes } from './deliveries-of-pushes.ts';

export interface StartSandboxOptions {
  readonly sandbox: SandboxConfig | null;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: TokenSigner;
  readonly publicUrl: string;
  /** Where this process takes bounces; null while it takes none. */
  readonly bouncePlace: () => { readonly host: string; readonly port: number } | null;
  readonly closers: Closers;
}

/** Only this machine: the sandbox takes messages from anyone who reaches it. */
const HOST = '127.0.0.1';
const KEEPS = 10_000;
/** Long enough that the hand-over is committed when the report comes, most of the time. */
const REPORT_AFTER_MS = 50;

/** Starts the sandbox, each receiver on another free port when its usual one is taken. Null when it is switched off. */
export async function startSandbox(options: StartSandboxOptions): Promise<Sandbox | null> {
  const { sandbox: ports, database, publicUrl, closers } = options;
  if (ports === null) return null;
  const started = await startSandboxOfPlatform({
    ...options,
    host: HOST,
    ports,
    keeps: KEEPS,
    url: () => publicUrl,
    reportAfterMs: REPORT_AFTER_MS,
    deliveriesOfPushes: (pushes) => findDeliveriesOfPushes(database, pushes),
    appOfMessage: (messageId) => appOfMessage(database, messageId),
  });
  closers.add('the sandbox', () => started.stop());
  return started;
}
