import { secretBytes, signWebhook } from '../../channels/index.ts';

export type WebhookMethod = 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';

/** A request with everything filled in; after `composeRequest` it is ready to go. */
export interface WebhookRequest {
  readonly method: WebhookMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for a GET. */
  readonly body: string | null;
}

export interface SigningSecrets {
  readonly secret: string;
  /** The secret before, which signs too until it expires: milliseconds since the epoch. */
  readonly oldSecret: { readonly secret: string; readonly expiresAt: number } | null;
}

/**
 * The request that goes out: with what the other side needs to read it, and signed after Standard Webhooks at `now`
 * (milliseconds), with the old secret too as long as that has not expired. `id` stays from try to try.
 */
export function composeRequest(
  { method, url, headers, body }: WebhookRequest,
  secrets: SigningSecrets,
  { id, now }: { readonly id: string; readonly now: number },
): WebhookRequest {
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    method,
    url,
    headers: {
      'user-agent': 'Carillon',
      ...(body !== null && !hasType && { 'content-type': 'application/json' }),
      ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
      ...sign(secrets, id, body ?? '', now),
    },
    body,
  };
}

function sign({ secret, oldSecret }: SigningSecrets, id: string, body: string, now: number) {
  const signed = signWebhook(secretBytes(secret), id, now, body);
  if (oldSecret === null || oldSecret.expiresAt <= now) return signed;
  const old = signWebhook(secretBytes(oldSecret.secret), id, now, body);
  return { ...signed, 'webhook-signature': `${signed['webhook-signature']} ${old['webhook-signature']}` };
}
