import type { MessageView } from '@carillon/wire';
import { DELIVERY_STATES, countResults } from '../delivery.ts';
import type { DeliveryCounts } from '../delivery.ts';
import type { EventCount, PlatformFate, Progress, StoredMessage } from './message-view-store.ts';
import { engagementOf, platformStats } from './platform-stats.ts';
import { shownFields } from './shown-fields.ts';

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
 * taken by the provider; `failed` was found unsubscribed, suppressed, held
 * out or capped; `errored` was
 * refused, not rendered, expired or of unknown fate; `remaining` has no row in the ledger yet. With
 * what was cancelled, these add up to the audience.
 */
export function presentMessage(
  message: StoredMessage,
  progress: Progress | undefined,
  events: readonly EventCount[],
  platforms: readonly PlatformFate[],
): MessageView {
  const counts = progress ?? NOTHING;
  const stats = { ...countResults(counts), ...engagementOf(events) };
  return {
    ...shownFields(message.channel, message.request),
    id: message.id,
    app_id: message.appId,
    name: message.name,
    template_id: message.templateId,
    canceled: message.cancelledAt !== null,
    queued_at: seconds(message.queuedAt),
    send_after: seconds(message.sendAfter),
    completed_at: progress?.done && progress.doneAt !== null ? seconds(progress.doneAt) : null,
    ...stats,
    remaining: remaining(progress),
    held_out: progress?.heldOut ?? 0,
    throttle_rate_per_minute: message.timing?.perMinute ?? null,
    paused: message.pausedAt !== null,
    fcap_status: fcapStatus(counts, message.request),
    bcc_sent: message.channel === 'email' ? (progress?.copies ?? 0) : null,
    platform_delivery_stats: platformStats(message.channel, stats, events, platforms),
  };
}

function remaining(progress: Progress | undefined): number | null {
  if (progress === undefined || progress.done) return 0;
  if (progress.everyone || progress.targeted === null) return null;
  const ended = DELIVERY_STATES.reduce((sum, state) => sum + progress[state], 0);
  return progress.targeted - ended;
}

/** What the frequency cap did: nothing, unless it is told. */
function fcapStatus(counts: DeliveryCounts, request: StoredMessage['request']): string | null {
  if (request['enable_frequency_cap'] === false) return 'Overridden';
  return counts.capped > 0 ? 'Capped' : null;
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
