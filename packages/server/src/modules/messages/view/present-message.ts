import type { EmailStats, MessageView } from '@carillon/wire';
import { DELIVERY_STATES } from '../delivery.ts';
import type { DeliveryCounts } from '../delivery.ts';
import type { EventCount, Progress, StoredMessage } from './message-view-store.ts';

const NOTHING: DeliveryCounts = {
  sent: 0,
  failed: 0,
  unsubscribed: 0,
  suppressed: 0,
  capped: 0,
  expired: 0,
  cancelled: 0,
  unknown: 0,
};

/**
 * A message as the API shows it: what the caller sent, and how far it has come. `successful` was
 * taken by the provider; `failed` was found unsubscribed, suppressed or capped; `errored` was
 * refused, not rendered, expired or of unknown fate; `remaining` has no row in the ledger yet. With
 * what was cancelled, these add up to the audience.
 */
export function presentMessage(
  message: StoredMessage,
  progress: Progress | undefined,
  events: readonly EventCount[],
): MessageView {
  const counts = progress ?? NOTHING;
  const successful = counts.sent;
  const failed = counts.unsubscribed + counts.suppressed + counts.capped;
  const errored = counts.failed + counts.unknown + counts.expired;
  const count = (kind: string) => events.find((event) => event.kind === kind) ?? { total: 0, uniques: 0 };
  const email: EmailStats = {
    successful,
    failed,
    errored,
    converted: count('clicked').uniques,
    received: count('delivered').uniques,
    opened: count('opened').total,
    unique_opens: count('opened').uniques,
    clicks: count('clicked').total,
    unique_clicks: count('clicked').uniques,
    bounced: count('bounced').uniques,
    reported_spam: count('complained').uniques,
    unsubscribed: count('unsubscribed').uniques,
  };
  return {
    ...message.request,
    id: message.id,
    app_id: message.appId,
    name: message.name,
    template_id: message.templateId,
    canceled: message.cancelledAt !== null,
    queued_at: seconds(message.queuedAt),
    send_after: seconds(message.sendAfter),
    completed_at: progress?.done && progress.doneAt !== null ? seconds(progress.doneAt) : null,
    successful,
    failed,
    errored,
    converted: email.converted,
    received: email.received,
    remaining: remaining(progress),
    platform_delivery_stats: message.channel === 'email' ? { email } : {},
  };
}

function remaining(progress: Progress | undefined): number | null {
  if (progress === undefined || progress.done) return 0;
  if (progress.everyone || progress.targeted === null) return null;
  const ended = DELIVERY_STATES.reduce((sum, state) => sum + progress[state], 0);
  return progress.targeted - ended;
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
