import { Sandbox } from '../modules/channels/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SandboxConfig } from '../platform/config/index.ts';
import type { TokenSigner } from '../platform/crypto/index.ts';
import type { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';

export interface StartSandboxOptions {
  readonly sandbox: SandboxConfig | null;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signer: TokenSigner;
  readonly publicUrl: string;
  readonly closers: Closers;
}

/** Only this machine: the sandbox takes mail from anyone who reaches it. */
const HOST = '127.0.0.1';
const KEEPS = 10_000;
/** Long enough that the hand-over is committed when the report comes, most of the time. */
const REPORT_AFTER_MS = 50;

/** Starts the sandbox, on another free port when its usual one is taken. Null when it is switched off. */
export async function startSandbox(options: StartSandboxOptions): Promise<Sandbox | null> {
  const { sandbox, publicUrl, closers, log } = options;
  if (sandbox === null) return null;
  const start = (smtpPort: number) =>
    Sandbox.start({
      ...options,
      host: HOST,
      smtpPort,
      keeps: KEEPS,
      platformUrl: () => publicUrl,
      reportAfterMs: REPORT_AFTER_MS,
    });
  const started = await start(sandbox.smtpPort).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || sandbox.isSmtpPortFixed) throw error;
    log.info({ port: sandbox.smtpPort }, 'the sandbox takes a free port: its usual one is taken');
    return start(0);
  });
  closers.add('the sandbox', () => started.stop());
  return started;
}
