import type { EndpointBody, EndpointKindName } from '@carillon/wire';
import { Type } from 'typebox';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { oneOfKinds } from '../../../platform/http/one-of-kinds.ts';
import { headerFault } from '../../../platform/outbound/index.ts';
import { maskUrl, readEndpointUrl } from './endpoint-url.ts';
import { makeWebhookSecret, readWebhookSecret } from './webhook-secret.ts';

export interface WebhookSettings {
  readonly kind: 'webhook';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Signs what is posted. */
  readonly secret: string;
}

/** A room of a chat, whose URL is all that is needed. */
export interface ChatSettings {
  readonly kind: Exclude<EndpointKindName, 'webhook'>;
  readonly url: string;
}

export type EndpointSettings = WebhookSettings | ChatSettings;

const url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description: 'An https address. Kept encrypted, and shown without its path.',
});

const chat = (kind: ChatSettings['kind'], description: string) =>
  Type.Object({ kind: Type.Literal(kind, { description }), url }, { additionalProperties: false });

/** PUT /apps/{app_id}/endpoints/{name} */
export const endpointBody = oneOfKinds([
  Type.Object(
    {
      kind: Type.Literal('webhook', { description: 'JSON, signed after Standard Webhooks.' }),
      url,
      headers: Type.Optional(
        Type.Record(
          Type.String({ minLength: 1, maxLength: 128 }),
          Type.String({ minLength: 1, maxLength: 4_096 }),
          { maxProperties: 20, description: 'Kept encrypted, and never shown: credentials belong here.' },
        ),
      ),
      secret: Type.Optional(
        Type.String({
          maxLength: 128,
          description: '`whsec_` and 24 to 64 bytes in base64. Absent: stays, or is made and shown once.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  chat('slack', 'The URL of an incoming webhook of Slack.'),
  chat('discord', 'The URL of a webhook of a Discord channel.'),
  chat('teams', 'The URL of a workflow of Microsoft Teams that takes webhook requests.'),
]);

export interface ReadSettings {
  readonly settings: EndpointSettings;
  /** The secret of a webhook, when it was made just now. */
  readonly madeSecret: string | null;
}

/**
 * The settings that a body of the shape `endpointBody` stands for. `before` is what the endpoint has: its secret stays
 * until another is given. Throws ApiError `request-invalid`.
 */
export function readSettings(
  body: EndpointBody,
  before: EndpointSettings | null,
  isReachable: (address: string) => boolean,
): ReadSettings {
  const { kind, headers = {}, secret } = body;
  const address = readEndpointUrl(body.url, isReachable);
  if (kind !== 'webhook') return { settings: { kind, url: address }, madeSecret: null };
  for (const [name, value] of Object.entries(headers)) {
    const fault = headerFault(name, value) ?? (isOurs(name) ? 'is set by the server: leave it out' : null);
    if (fault !== null) throw invalidField(`headers.${name}`, fault);
  }
  const given = secret === undefined ? null : readWebhookSecret(secret);
  const kept = before?.kind === 'webhook' ? before.secret : null;
  const made = given === null && kept === null ? makeWebhookSecret() : null;
  const signing = given ?? kept ?? made ?? '';
  return { settings: { kind, url: address, headers, secret: signing }, madeSecret: made };
}

/** Headers that tell what is posted, and by whom. */
function isOurs(name: string): boolean {
  return /^(?:content-type|webhook-(?:id|timestamp|signature))$/i.test(name);
}

/** What is shown of settings, and what the audit log may know only the presence of. */
export const endpointAudit = {
  secrets: ['url', 'headers', 'secret'],
  show: (settings: { readonly kind: string }) => showSettings(settings as EndpointSettings),
} as const;

export function showSettings(settings: EndpointSettings) {
  const { kind } = settings;
  const shown = { kind, url: maskUrl(settings.url) };
  return settings.kind === 'webhook' ? { ...shown, header_names: Object.keys(settings.headers) } : shown;
}
