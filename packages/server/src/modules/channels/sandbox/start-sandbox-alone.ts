import { randomBytes } from 'node:crypto';
import { TokenSigner } from '../../../platform/crypto/index.ts';
import { MemoryBox } from './inbox/memory-box.ts';
import { Sandbox } from './sandbox.ts';
import type { SandboxOptions } from './sandbox.ts';

export interface AloneOptions extends Pick<SandboxOptions, 'clock' | 'log' | 'host' | 'ports'> {
  /** Where Twilio tells what people text, as set in its console; null: nowhere. */
  readonly twilioInboundUrl: string | null;
  /** The same of Vonage. */
  readonly vonageInboundUrl: string | null;
}

const KEEPS = 10_000;
const REPORT_AFTER_MS = 50;
/** The auth token of every Twilio account, and the password of every `system_id`. */
const PASSWORD = 'sandbox';
const ACCOUNT_SID = /^AC[\da-f]{32}$/i;

/** A sandbox without a platform, for the tests of other programs: it keeps what arrives in memory. */
export function startSandboxAlone({
  twilioInboundUrl,
  vonageInboundUrl,
  ...options
}: AloneOptions): Promise<Sandbox> {
  return Sandbox.start({
    ...options,
    signer: new TokenSigner({ current: randomBytes(32), previous: [] }),
    box: new MemoryBox(),
    keeps: KEEPS,
    reportAfterMs: REPORT_AFTER_MS,
    platform: null,
    twilio: {
      authTokenOf: (sid) => (ACCOUNT_SID.test(sid) ? PASSWORD : null),
      inboundUrl: () => twilioInboundUrl,
    },
    vonage: { inboundUrl: () => vonageInboundUrl },
    smpp: { passwordOf: () => PASSWORD },
  });
}
