import type { WebhookStreamBody } from '@carillon/wire';
import { Type } from 'typebox';
import { invalidField } from '../../../../platform/http/invalid-field.ts';
import { hasLiquid } from '../../../../platform/liquid/index.ts';
import { makeWebhookSecret, maskUrl, readWebhookSecret } from '../../../channels/index.ts';
import { checkRequest } from '../../../webhooks/index.ts';
import { commonBody } from './common-body.ts';

export interface WebhookStreamSettings {
  readonly kind: 'webhook';
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** Liquid for one event; null for our JSON. */
  readonly body: string | null;
  /** Most events in a request. */
  readonly batch: number;
  /** Most requests at a time. */
  readonly connections: number;
  readonly secret: string;
  /** The secret before, which signs too until it expires: milliseconds since the epoch. */
  readonly oldSecret: { readonly secret: string; readonly expiresAt: number } | null;
}

export const webhookBody = Type.Object(
  {
    kind: Type.Literal('webhook', { description: 'Requests, signed after Standard Webhooks.' }),
    url: Type.String({
      minLength: 1,
      maxLength: 2_048,
      description: 'An https address, with Liquid behind its host. Kept encrypted, shown without its path.',
    }),
    method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH', 'GET', 'DELETE'])),
    headers: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 128 }),
        Type.String({ minLength: 1, maxLength: 4_096 }),
        {
          maxProperties: 20,
          description: 'Liquid. Kept encrypted, and never shown: credentials belong here.',
        },
      ),
    ),
    body: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 65_536 }), Type.Null()], {
        description: 'Liquid for one event. When absent or null, our JSON.',
      }),
    ),
    batch: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: 'Most events in a request; 1 when absent.' }),
    ),
    connections: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 32, description: 'Most requests at a time; 8 when absent.' }),
    ),
    secret: Type.Optional(
      Type.String({
        maxLength: 128,
        description: '`whsec_` and 24 to 64 bytes in base64. Absent: stays, or is made and shown once.',
      }),
    ),
    ...commonBody,
  },
  { additionalProperties: false },
);

/** `before`: secrets stay until others are given; without any one is made, and told this once. */
export function readWebhook(
  body: WebhookStreamBody,
  before: WebhookStreamSettings | null,
  isReachable: (address: string) => boolean,
) {
  const { url, method = 'POST', headers = {}, body: template = null, batch = 1, connections = 8 } = body;
  checkRequest({ method, url, headers, body: template }, isReachable);
  if (batch > 1 && [url, ...Object.values(headers)].some(hasLiquid)) {
    throw invalidField('batch', 'must be 1 where url or headers have Liquid: a batch is of many events');
  }
  if (method === 'GET' && batch > 1) {
    throw invalidField('method', 'must not be GET with batch: a GET has no body');
  }
  const given = body.secret === undefined ? null : readWebhookSecret(body.secret);
  const kept = before?.secret ?? null;
  const made = given === null && kept === null ? makeWebhookSecret() : null;
  const target: WebhookStreamSettings = {
    kind: 'webhook',
    url,
    method,
    headers,
    body: template,
    batch,
    connections,
    secret: given ?? kept ?? made ?? '',
    oldSecret: before?.oldSecret ?? null,
  };
  return { target, madeSecret: made };
}

export function showWebhook(target: WebhookStreamSettings) {
  const { url, method, headers, body, batch, connections, oldSecret } = target;
  return {
    url: maskUrl(url),
    method,
    header_names: Object.keys(headers),
    body,
    batch,
    connections,
    old_secret_expires_at: oldSecret === null ? null : new Date(oldSecret.expiresAt).toISOString(),
  };
}
