import { hasLiquid } from '../../../platform/liquid/index.ts';
import type { WebhookSettings } from '../definition/webhook-settings.ts';
import { composeRequest } from '../request/compose-request.ts';
import type { WebhookRequest } from '../request/compose-request.ts';
import type { WebhookSigner } from '../request/webhook-signer.ts';
import type { CallObjects } from './call-objects.ts';

/** The templates of a webhook: URL, headers in their order, body. Empty when there is nothing to fill in. */
export function templatesOf({ url, headers, body }: WebhookSettings): string[] {
  const texts = [url, ...Object.values(headers), body ?? ''];
  return texts.some(hasLiquid) ? texts : [];
}

/** What is sent where no body is set: all that Liquid sees, but for tags under their bare names. */
export function plainBody(id: string, { app, user, journey }: CallObjects, createdAt: Date): string {
  return JSON.stringify({
    type: 'journey.webhook',
    timestamp: createdAt.toISOString(),
    id,
    data: { app, user, journey },
  });
}

/**
 * The request of one call. `texts` are what came of `templatesOf`, in their order; `id` is the call's, by which the other
 * side knows it when it comes again.
 */
export function callRequest(
  settings: WebhookSettings,
  signer: WebhookSigner,
  texts: readonly string[],
  objects: CallObjects,
  { id, createdAt, now }: { readonly id: string; readonly createdAt: Date; readonly now: number },
): WebhookRequest {
  const { method } = settings;
  const [url = settings.url] = texts;
  const headers = Object.fromEntries(
    Object.entries(settings.headers).map(([name, value], n) => [name, texts[n + 1] ?? value]),
  );
  const said = settings.body === null ? plainBody(id, objects, createdAt) : (texts.at(-1) ?? settings.body);
  return composeRequest({ method, url, headers, body: method === 'GET' ? null : said }, signer, {
    id,
    now,
  });
}
