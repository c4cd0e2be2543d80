import type { StreamSettings } from './stream-settings.ts';
import { secretsOf, showTarget } from './targets/stream-target.ts';

/** Both versions as the audit log may know them: secrets are told as being there, and as having changed. */
export function auditedStream(before: StreamSettings | null, after: StreamSettings) {
  return {
    before: before === null ? {} : shown(before, 'set'),
    after: shown(
      after,
      before !== null && secretsOf(before.target) !== secretsOf(after.target) ? 'set anew' : 'set',
    ),
  };
}

function shown({ target, filters, retrySchedule }: StreamSettings, word: string) {
  const { old_secret_expires_at: _, ...settings } = showTarget(target);
  return { kind: target.kind, ...settings, filters, retry_schedule: retrySchedule, secrets: word };
}
