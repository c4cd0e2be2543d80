import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { Routes } from '../../../../platform/http/route.ts';
import type { ReadDeliveryHistory } from '../../delivery-event.ts';
import { localOnly } from './local-only.ts';
import type { ReadableMail } from '../mail/parse-mail.ts';
import { Inbox, referenceOf } from './read-inbox.ts';
import type { KeptMessage, SandboxStore } from './sandbox-store.ts';

export interface SandboxRoutesOptions {
  readonly store: SandboxStore;
  readonly readDeliveryHistory: ReadDeliveryHistory;
  /** True: everyone who reaches the server may read every message. */
  readonly openToAll: boolean;
}

const time = Type.String({ format: 'date-time' });
const nullableId = Type.Union([Type.String(), Type.Null()]);
const summaryFields = {
  id: Type.Integer(),
  channel: Type.Literal('email'),
  received_at: time,
  from: Type.Object({ name: Type.String(), address: Type.String() }),
  to: Type.String(),
  subject: Type.String(),
  preview: Type.String(),
  fate: Type.Enum(['delivered', 'bounced'], { description: 'What the sandbox reports to the platform.' }),
  provider_id: Type.String({ description: 'The Message-ID.' }),
  message_id: nullableId,
  subscription_id: nullableId,
};
const summary = Type.Object(summaryFields);
const nullableText = Type.Union([Type.String(), Type.Null()]);
const event = Type.Object({
  kind: Type.String(),
  at: time,
  url: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});
const detail = Type.Object({
  ...summaryFields,
  html: nullableText,
  text: nullableText,
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  raw: Type.String(),
  events: Type.Array(event, { description: 'What is known of this delivery, the oldest first.' }),
});

const listQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.Integer({ minimum: 0, description: '`next_cursor` of the page before.' })),
  recipient: Type.Optional(Type.String({ maxLength: 320, description: 'Part of the address.' })),
  message_id: Type.Optional(Type.String({ format: 'uuid' })),
});
const arrivalsQuery = Type.Object({ message_id: Type.Optional(Type.String({ format: 'uuid' })) });
const params = Type.Object({ id: Type.String({ pattern: '^\\d{1,15}$' }) });

const DEFAULT_LIMIT = 50;

/** The sandbox's API. An extension of ours; only there when the sandbox is on. */
export function sandboxRoutes(options: SandboxRoutesOptions): Routes {
  const { store, readDeliveryHistory, openToAll } = options;
  const inbox = new Inbox(store);
  const open = async (id: string) => {
    const found = await inbox.open(Number(id));
    if (found === null) throw new ApiError('sandbox-message-not-found', { params: { id } });
    return found;
  };
  // It runs on a developer's machine, where any page that is open could otherwise read the mails.
  const config = { access: 'public', rate: 'unlimited', pages: 'own' } as const;
  const common = { config, onRequest: openToAll ? [] : [localOnly] };
  return (http) => {
    http.get(
      '/sandbox/messages',
      {
        ...common,
        schema: {
          summary: 'List what the sandbox received',
          querystring: listQuery,
          response: {
            200: Type.Object({
              messages: Type.Array(summary),
              next_cursor: Type.Union([Type.Integer(), Type.Null()]),
            }),
          },
        },
      },
      async ({ query }) => {
        const limit = query.limit ?? DEFAULT_LIMIT;
        const found = await inbox.list({
          limit,
          before: query.cursor ?? null,
          recipient: query.recipient ?? null,
          messageId: query.message_id ?? null,
        });
        const messages = found.map(({ message, mail }) => present(message, mail));
        return { messages, next_cursor: messages.length < limit ? null : (messages.at(-1)?.id ?? null) };
      },
    );
    http.get(
      '/sandbox/messages/:id',
      {
        ...common,
        schema: { summary: 'Show one message of the sandbox', params, response: { 200: detail } },
      },
      async ({ params: { id } }) => {
        const { message, mail, raw } = await open(id);
        const reference = referenceOf(message);
        const events = reference === null ? [] : await readDeliveryHistory(reference);
        return {
          ...present(message, mail),
          html: mail.html,
          text: mail.text,
          headers: [...mail.headers],
          raw: raw.toString('utf8'),
          events: events.map(({ at, ...event }) => ({ ...event, at: new Date(at).toISOString() })),
        };
      },
    );
    http.get(
      '/sandbox/messages/:id/html',
      { ...common, schema: { hide: true, params } },
      async ({ params: { id } }, reply) => {
        const { mail } = await open(id);
        void reply.header('content-security-policy', MAIL_POLICY).header('referrer-policy', 'no-referrer');
        return reply.type('text/html; charset=utf-8').send(openLinksOutside(mail.html ?? ''));
      },
    );
    http.get(
      '/sandbox/arrivals',
      {
        ...common,
        schema: {
          summary: 'Count how often each mail arrived',
          description: 'Among the messages that are kept. `repeated` lists what arrived more than once.',
          querystring: arrivalsQuery,
          response: {
            200: Type.Object({
              arrived: Type.Integer(),
              distinct: Type.Integer(),
              repeated: Type.Array(Type.Object({ provider_id: Type.String(), count: Type.Integer() })),
            }),
          },
        },
      },
      async ({ query }) => {
        const counts = [...(await store.arrivals(query.message_id ?? null))];
        return {
          arrived: counts.reduce((sum, [, count]) => sum + count, 0),
          distinct: counts.length,
          repeated: counts.flatMap(([provider_id, count]) => (count > 1 ? [{ provider_id, count }] : [])),
        };
      },
    );
    http.delete(
      '/sandbox/messages',
      {
        ...common,
        schema: {
          summary: 'Empty the sandbox',
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async () => {
        await store.clear();
        return { success: true };
      },
    );
  };
}

/** A mail may show pictures and its own style, and nothing else: no script, no form, no frame. */
const MAIL_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src * data:; style-src 'unsafe-inline'; font-src * data:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'";

/** The first `base` of a page holds: links open in a tab of their own, not in the inbox. */
function openLinksOutside(html: string): string {
  return `<!doctype html><base target="_blank"><meta name="viewport" content="width=device-width">${html.replace(/^\s*<!doctype[^>]*>/i, '')}`;
}

function present(message: KeptMessage, mail: ReadableMail): Static<typeof summary> {
  return {
    id: message.id,
    channel: 'email',
    received_at: message.received_at.toISOString(),
    from: { name: mail.fromName, address: mail.fromAddress },
    to: message.recipient,
    subject: mail.subject,
    preview: mail.preview,
    fate: message.fate,
    provider_id: message.provider_id,
    message_id: message.message_id,
    subscription_id: message.subscription_id,
  };
}
