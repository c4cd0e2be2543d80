import type { FeedEvent } from '@carillon/wire';
import { nameId } from '../../../platform/ids.ts';
import { composeRequest } from '../../webhooks/index.ts';
import type { WebhookRequest, WebhookSigner } from '../../webhooks/index.ts';
import { plainJson } from '../plain-json.ts';
import type { WebhookStreamSettings } from '../event-streams/targets/webhook-target.ts';

/** What Liquid has made of one event: URL, headers in their order, body. */
export type RenderedParts = readonly string[];

/** The templates of a stream in the order of `RenderedParts`; null when there is nothing to fill in. */
export function templatesOf({ url, headers, body }: WebhookStreamSettings): string[] | null {
  const texts = [url, ...Object.values(headers)];
  const hasLiquid = texts.some((text) => text.includes('{{') || text.includes('{%'));
  return hasLiquid || body !== null ? [...texts, body ?? ''] : null;
}

/**
 * The request that tells of these events: of one, or of several where the stream batches. It is signed at `now`
 * (milliseconds). The id of a request of one event is the event's; that of a batch is made of the ids in it.
 */
export function requestOf(
  settings: WebhookStreamSettings,
  signer: WebhookSigner,
  events: readonly FeedEvent[],
  rendered: readonly RenderedParts[] | null,
  now: number,
): WebhookRequest {
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
  return composeRequest({ method, url: parts?.[0] ?? settings.url, headers: chosen, body }, signer, {
    id,
    now,
  });
}

function bodyOf(
  { body, batch }: WebhookStreamSettings,
  events: readonly FeedEvent[],
  rendered: readonly RenderedParts[] | null,
): string {
  const bodies =
    body === null
      ? events.map((event) => plainJson(event))
      : (rendered ?? []).map((parts) => parts.at(-1) ?? '');
  return batch === 1 ? (bodies[0] ?? '') : `[${bodies.join(',')}]`;
}
