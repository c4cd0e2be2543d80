import type { WebhookView } from '@carillon/wire';
import type { WebhookRow } from './webhook-store.ts';
import type { WebhookSettings } from './webhook-settings.ts';

export interface Webhook {
  readonly row: WebhookRow;
  readonly settings: WebhookSettings;
}

/** Stands for what a header says. */
export const MASK = '********';

export function presentWebhook({ row, settings }: Webhook): WebhookView {
  const { oldSecret } = settings;
  return {
    id: row.id,
    name: row.name,
    ...showSettings(settings, MASK),
    state: row.state,
    reason: row.reason,
    state_at: row.stateAt.toISOString(),
    resting_until: iso(row.retryAt),
    last_failure: row.lastFailure,
    failures: row.failures,
    last_taken_at: iso(row.lastTakenAt),
    delivered: row.delivered,
    given_up: row.givenUp,
    waiting: row.waiting,
    old_secret_expires_at: oldSecret === null ? null : new Date(oldSecret.expiresAt).toISOString(),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** Both versions as the audit log may know them: headers are told as being there, and as having changed. */
export function auditedWebhook(
  before: Pick<Webhook, 'settings'> & { readonly name: string },
  after: Pick<Webhook, 'settings'> & { readonly name: string },
) {
  const isReplaced = JSON.stringify(before.settings.headers) !== JSON.stringify(after.settings.headers);
  return {
    before: { name: before.name, ...showSettings(before.settings, 'set') },
    after: { name: after.name, ...showSettings(after.settings, isReplaced ? 'set anew' : 'set') },
  };
}

/** What is shown of settings, with `word` in the place of what headers say. */
function showSettings(
  { method, url, headers, body, connections, retrySchedule }: WebhookSettings,
  word: string,
) {
  return {
    method,
    url,
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, word])),
    body,
    connections,
    retry_schedule: [...retrySchedule],
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
