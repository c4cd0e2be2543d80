import type { WebhookSigner } from './webhook-signer.ts';

export type WebhookMethod = 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';

/** A request with everything filled in; after `composeRequest` it is ready to go. */
export interface WebhookRequest {
  readonly method: WebhookMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for a GET. */
  readonly body: string | null;
}

/**
 * The request that goes out: with what the other side needs to read it, and signed after Standard Webhooks at `now`
 * (milliseconds). `id` stays from try to try.
 */
export function composeRequest(
  { method, url, headers, body }: WebhookRequest,
  signer: WebhookSigner,
  { id, now }: { readonly id: string; readonly now: number },
): WebhookRequest {
  const all: Record<string, string> = { 'user-agent': 'Carillon' };
  if (body !== null) {
    if (!hasType(headers)) all['content-type'] = 'application/json';
    all['content-length'] = String(Buffer.byteLength(body));
  }
  return { method, url, headers: Object.assign(all, headers, signer.sign(id, now, body ?? '')), body };
}

function hasType(headers: WebhookRequest['headers']): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}
