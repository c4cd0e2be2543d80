import type { FeedEvent as WireEvent } from '@carillon/wire';
import type { findInboundTexts } from '../channels/index.ts';
import { eventKind } from './event-kind.ts';
import type { MessageInfo, Person } from './event-store.ts';
import { isInboundText } from './happening.ts';
import type { Happening } from './happening.ts';

type InboundText =
  Awaited<ReturnType<typeof findInboundTexts>> extends ReadonlyMap<string, infer T> ? T : never;

/** What is known of a happening; what is gone is undefined. */
export interface HappeningFacts {
  readonly message: MessageInfo | undefined;
  readonly person: Person | undefined;
  readonly text: InboundText | undefined;
}

/** As the feed tells it. */
export function presentHappening(happening: Happening, { message, person, text }: HappeningFacts): WireEvent {
  const shared = {
    id: happening.id,
    at: new Date(happening.at).toISOString(),
    message_id: happening.messageId,
    message_name: message?.name ?? null,
    template_id: message?.templateId ?? null,
    subscription_id: happening.subscriptionId,
    onesignal_id: happening.userId ?? person?.userId ?? null,
    external_id: person?.externalId ?? null,
    address: person?.address ?? null,
    reason: textOf(happening.data?.['reason']),
    url: textOf(happening.data?.['url']),
  };
  if (isInboundText(happening)) {
    return { ...shared, kind: eventKind('sms', happening.what), channel: 'sms', inbound: text ?? null };
  }
  if (happening.messageId === null) {
    const { what: kind, data } = happening;
    return { ...shared, kind, channel: textOf(data?.['channel']), reason: null, url: null, data };
  }
  const channel = message?.channel ?? 'email';
  return {
    ...shared,
    kind: eventKind(channel, happening.what),
    channel,
    ...(happening.what === 'unsubscribed' && { passed_over: happening.isDelivery }),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
