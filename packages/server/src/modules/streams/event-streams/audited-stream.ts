import { maskUrl } from '../../channels/index.ts';
import { showTarget } from './stream-settings.ts';
import type { StreamSettings } from './stream-settings.ts';

/** Both versions as the audit log may know them: secrets are told as being there, and as having changed. */
export function auditedStream(before: StreamSettings | null, after: StreamSettings) {
  return {
    before: before === null ? {} : shown(before, 'set'),
    after: shown(after, before !== null && secretsOf(before) !== secretsOf(after) ? 'set anew' : 'set'),
  };
}

function shown({ target, filters, retrySchedule }: StreamSettings, word: string) {
  const { old_secret_expires_at: _, ...settings } = showTarget(target, maskUrl);
  return { kind: target.kind, ...settings, filters, retry_schedule: retrySchedule, secrets: word };
}

function secretsOf({ target }: StreamSettings): string {
  switch (target.kind) {
    case 'webhook':
      return JSON.stringify([target.url, target.headers, target.secret]);
    case 'postgres':
      return target.url;
    case 's3':
      return target.secretAccessKey;
  }
}
