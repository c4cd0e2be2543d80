import type { FeedEvent } from '@carillon/wire';
import { nameId } from '../../../platform/ids.ts';
import { secretBytes, signWebhook } from '../../channels/index.ts';
import type { WebhookStreamSettings } from '../event-streams/stream-settings.ts';

/** A request of a stream, ready to go. */
export interface StreamRequest {
  readonly method: WebhookStreamSettings['method'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for a GET. */
  readonly body: string | null;
}

/** What Liquid has made of one event: URL, headers in their order, body. */
export type RenderedParts = readonly string[];

/** The templates of a stream in the order of `RenderedParts`; null when there is nothing to fill in. */
export function templatesOf({ url, headers, body }: WebhookStreamSettings): string[] | null {
  const texts = [url, ...Object.values(headers)];
  const hasLiquid = texts.some((text) => text.includes('{{') || text.includes('{%'));
  return hasLiquid || body !== null ? [...texts, body ?? ''] : null;
}

/**
 * The request that tells of these events: of one, or of several where the stream batches. It is signed after Standard
 * Webhooks at `now` (milliseconds), with the old secret too as long as that has not expired. The id of a request of one
 * event is the event's; that of a batch is made of the ids in it.
 */
export function composeRequest(
  settings: WebhookStreamSettings,
  events: readonly FeedEvent[],
  rendered: readonly RenderedParts[] | null,
  now: number,
): StreamRequest {
  const { method, batch } = settings;
  const [parts] = rendered ?? [];
  const names = Object.keys(settings.headers);
  const chosen =
    parts === undefined
      ? settings.headers
      : Object.fromEntries(names.map((name, n) => [name, parts[n + 1] ?? '']));
  const body = method === 'GET' ? null : bodyOf(settings, events, rendered);
  const [first] = events;
  const id = batch === 1 ? (first?.id ?? '') : nameId('batch', ...events.map((event) => event.id));
  const hasType = names.some((name) => name.toLowerCase() === 'content-type');
  return {
    method,
    url: parts?.[0] ?? settings.url,
    headers: {
      'user-agent': 'Carillon',
      ...(body !== null && !hasType && { 'content-type': 'application/json' }),
      ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
      ...chosen,
      ...sign(settings, id, body ?? '', now),
    },
    body,
  };
}

function bodyOf(
  { body, batch }: WebhookStreamSettings,
  events: readonly FeedEvent[],
  rendered: readonly RenderedParts[] | null,
): string {
  const bodies =
    body === null
      ? events.map((event) => JSON.stringify({ type: event.kind, timestamp: event.at, data: event }))
      : (rendered ?? []).map((parts) => parts.at(-1) ?? '');
  return batch === 1 ? (bodies[0] ?? '') : `[${bodies.join(',')}]`;
}

function sign({ secret, oldSecret }: WebhookStreamSettings, id: string, body: string, now: number) {
  const signed = signWebhook(secretBytes(secret), id, now, body);
  if (oldSecret === null || oldSecret.expiresAt <= now) return signed;
  const old = signWebhook(secretBytes(oldSecret.secret), id, now, body);
  return { ...signed, 'webhook-signature': `${signed['webhook-signature']} ${old['webhook-signature']}` };
}
