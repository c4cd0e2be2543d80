import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { DeliveryHistoryEntry } from '../../delivery-event.ts';
import { SANDBOX_CHANNELS } from './message-box.ts';
import type { PersonAction } from './person-actions.ts';
import type { InboxEntry } from './read-inbox.ts';
import type { ReadablePush, ReadableSms } from './readable-message.ts';

const time = Type.String({ format: 'date-time' });
const nullableText = Type.Union([Type.String(), Type.Null()]);

const summaryFields = {
  id: Type.Integer(),
  channel: Type.Enum([...SANDBOX_CHANNELS]),
  received_at: time,
  from: Type.Object({ name: Type.String(), address: Type.String() }),
  to: Type.String({ description: 'An address, a number, a device’s token, or a browser’s endpoint.' }),
  subject: Type.String({ description: 'The subject of a mail, the title of a notification.' }),
  preview: Type.String(),
  fate: Type.Enum(['delivered', 'bounced', 'undelivered', 'soft_bounced', 'complained'], {
    description: 'What the sandbox reports of it, where the protocol has reports.',
  }),
  provider_id: Type.String({ description: 'The Message-ID, or what the receiver has called it.' }),
  message_id: nullableText,
  subscription_id: nullableText,
};

/** A message in a list. */
export const summary = Type.Object(summaryFields);

const sms = Type.Object({
  encoding: Type.Enum(['GSM-7', 'UCS-2']),
  segments: Type.Integer({ description: 'How many messages networks make of it, and bill.' }),
  units: Type.Integer({ description: 'Septets of GSM-7, or UTF-16 code units.' }),
  left_in_last: Type.Integer({ description: 'Units that still fit into the last segment.' }),
  parts: Type.Array(Type.String(), { description: 'The text in the pieces that its segments carry.' }),
  media_urls: Type.Array(Type.String()),
});

const push = Type.Object({
  title: nullableText,
  subtitle: nullableText,
  body: nullableText,
  icon: nullableText,
  image: nullableText,
  url: Type.Union([Type.String(), Type.Null()], { description: 'What a click opens; null: the app.' }),
  buttons: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })),
  data: Type.Unsafe<Record<string, unknown> | null>(Type.Unknown()),
  uninstalled_at: Type.Union([time, Type.Null()]),
});

const event = Type.Object({
  kind: Type.String(),
  at: time,
  url: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** One message, with all that it says. */
export const detail = Type.Object({
  ...summaryFields,
  html: nullableText,
  text: nullableText,
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  raw: Type.String({ description: 'What was sent: a mail, a text, or the payload of a push as JSON.' }),
  sms: Type.Union([sms, Type.Null()]),
  push: Type.Union([push, Type.Null()]),
  actions: Type.Array(Type.Enum(['show', 'click', 'uninstall', 'reply', 'complain']), {
    description: 'What its person can do: POST to /sandbox/messages/{id}/<action>.',
  }),
  events: Type.Array(event, { description: 'What is known of this delivery, the oldest first.' }),
});

export function presentSummary({ message, content }: InboxEntry): Static<typeof summary> {
  return {
    id: message.id,
    channel: message.channel,
    received_at: message.received_at.toISOString(),
    from: content.from,
    to: message.recipient,
    subject: content.subject,
    preview: content.preview,
    fate: message.fate,
    provider_id: message.provider_id,
    message_id: message.message_id,
    subscription_id: message.subscription_id,
  };
}

export function presentDetail(
  entry: InboxEntry & { readonly source: string },
  actions: readonly PersonAction[],
  events: readonly DeliveryHistoryEntry[],
): Static<typeof detail> {
  const { message, content, source } = entry;
  return {
    ...presentSummary(entry),
    html: content.html,
    text: content.text,
    headers: [...content.headers],
    raw: source,
    sms: content.sms === null ? null : presentSms(content.sms),
    push: content.push === null ? null : presentPush(content.push, message.uninstalled_at),
    actions: [...actions],
    events: events.map(({ at, ...told }) => ({ ...told, at: new Date(at).toISOString() })),
  };
}

function presentSms({ segments, parts, mediaUrls }: ReadableSms): Static<typeof sms> {
  const { leftInLast, ...counted } = segments;
  return { ...counted, left_in_last: leftInLast, parts: [...parts], media_urls: [...mediaUrls] };
}

function presentPush({ buttons, ...shown }: ReadablePush, uninstalledAt: Date | null): Static<typeof push> {
  return { ...shown, buttons: [...buttons], uninstalled_at: uninstalledAt?.toISOString() ?? null };
}
