import type { Delivery } from '@carillon/wire';
import type { DeliveryRow, MessageOfDelivery, StoredEvent } from './delivery-row.ts';

/** A delivery as the API shows it. */
export function presentDelivery(row: DeliveryRow, message: MessageOfDelivery): Delivery {
  return {
    message_id: row.messageId,
    message_name: message.name,
    template_id: message.templateId,
    channel: message.channel,
    subscription_id: row.subscriptionId,
    onesignal_id: row.userId,
    external_id: row.externalId,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    provider_reference: row.ref,
    ended_at: row.endedAt?.toISOString() ?? null,
    next_attempt_at: row.dueAt?.toISOString() ?? null,
    events: (row.events ?? []).map(presentEvent),
  };
}

function presentEvent({ kind, at, data }: StoredEvent): Delivery['events'][number] {
  return {
    kind,
    at: new Date(at).toISOString(),
    url: textOrNull(data?.url),
    reason: textOrNull(data?.reason),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
