import { Type } from 'typebox';
import type { Clock } from '../../../../platform/clock.ts';
import { ApiError } from '../../../../platform/http/api-error.ts';
import type { Routes } from '../../../../platform/http/route.ts';
import type { ReadDeliveryHistory } from '../../delivery-event.ts';
import type { Bell } from './bell.ts';
import { localOnly } from './local-only.ts';
import { SANDBOX_CHANNELS, referenceOf } from './message-box.ts';
import type { MessageBox } from './message-box.ts';
import type { PersonActions } from './person-actions.ts';
import { detail, presentDetail, presentSummary, summary } from './present-message.ts';
import { Inbox } from './read-inbox.ts';
import { waitForMessages } from './wait-for-messages.ts';

export interface SandboxRoutesOptions {
  readonly clock: Clock;
  readonly box: MessageBox;
  readonly bell: Bell;
  readonly actions: PersonActions;
  readonly readDeliveryHistory: ReadDeliveryHistory;
  /** True: everyone who reaches the server may read every message. */
  readonly openToAll: boolean;
}

const DEFAULT_LIMIT = 50;
const LONGEST_WAIT_S = 60;

const listQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.Integer({ minimum: 0, description: '`next_cursor` of the page before.' })),
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Only messages with a higher id than this.' }),
  ),
  channel: Type.Optional(Type.Enum([...SANDBOX_CHANNELS])),
  recipient: Type.Optional(Type.String({ maxLength: 2_048, description: 'Part of the address.' })),
  message_id: Type.Optional(Type.String({ format: 'uuid' })),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LONGEST_WAIT_S,
      description: 'Seconds to wait for the first message, while there is none.',
    }),
  ),
});
const arrivalsQuery = Type.Object({ message_id: Type.Optional(Type.String({ format: 'uuid' })) });
const params = Type.Object({ id: Type.String({ pattern: '^\\d{1,15}$' }) });

/** The sandbox's API. An extension of ours; only there when the sandbox is on. */
export function sandboxRoutes(options: SandboxRoutesOptions): Routes {
  const { clock, box, bell, actions, readDeliveryHistory, openToAll } = options;
  const inbox = new Inbox(box);
  const open = async (id: string) => {
    const found = await inbox.open(Number(id));
    if (found === null) throw new ApiError('sandbox-message-not-found', { params: { id } });
    return found;
  };
  // It runs on a developer's machine, where any page that is open could otherwise read the messages.
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
      async ({ query, raw }) => {
        const limit = query.limit ?? DEFAULT_LIMIT;
        const filter = {
          limit,
          before: query.cursor ?? null,
          after: query.after ?? null,
          channel: query.channel ?? null,
          recipient: query.recipient ?? null,
          messageId: query.message_id ?? null,
        };
        const waitMs = (query.wait ?? 0) * 1_000;
        const isOver = () => raw.socket.destroyed;
        const found = await waitForMessages(() => inbox.list(filter), { clock, bell, waitMs, isOver });
        const messages = found.map(presentSummary);
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
        const entry = await open(id);
        const reference = referenceOf(entry.message);
        const events = reference === null ? [] : await readDeliveryHistory(reference);
        return presentDetail(entry, actions.of(entry.message), events);
      },
    );
    http.get(
      '/sandbox/messages/:id/html',
      { ...common, schema: { hide: true, params } },
      async ({ params: { id } }, reply) => {
        const { content } = await open(id);
        void reply.header('content-security-policy', MAIL_POLICY).header('referrer-policy', 'no-referrer');
        return reply.type('text/html; charset=utf-8').send(openLinksOutside(content.html ?? ''));
      },
    );
    http.get(
      '/sandbox/arrivals',
      {
        ...common,
        schema: {
          summary: 'Count how often each message arrived',
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
        const counts = [...(await box.arrivals(query.message_id ?? null))];
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
        schema: { summary: 'Empty the sandbox', response: { 200: Type.Object({ success: Type.Boolean() }) } },
      },
      async () => {
        await box.clear();
        actions.forget();
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
