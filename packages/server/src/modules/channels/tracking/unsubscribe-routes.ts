import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { nameId } from '../../../platform/ids.ts';
import type { RecordDeliveryEvents } from '../delivery-event.ts';
import type { UnsubscribeLinks, UnsubscribeRequest } from './unsubscribe-links.ts';
import { ASK_PAGE, DONE_PAGE, REFUSED_PAGE } from './unsubscribe-page.ts';

/** Switches a subscription off, because its person said so; false when there is no such subscription. */
export type Unsubscribe = (appId: string, subscriptionId: string, source: string) => Promise<boolean>;

export interface UnsubscribeRoutesOptions {
  readonly links: UnsubscribeLinks;
  readonly clock: Clock;
  readonly unsubscribe: Unsubscribe;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

/** A person who wants out is never turned away, and no page has anything to read here. */
const open = { access: 'public', rate: 'unlimited', pages: 'own' } as const;
const HTML = 'text/html; charset=utf-8';
const page = { config: open, schema: { hide: true, params: Type.Object({ token: Type.String() }) } };

/**
 * `GET /t/u/{token}` asks, `POST` of the same ends the mails: a mail program's own button posts at once
 * (RFC 8058), and the page's button does the same. And the documented route for pages of one's own.
 */
export function unsubscribeRoutes(options: UnsubscribeRoutesOptions): Routes {
  const { links, clock, recordDeliveryEvents } = options;
  const end = async ({ appId, reference }: UnsubscribeRequest, source: string): Promise<boolean> => {
    const known = await options.unsubscribe(appId, reference.subscriptionId, source);
    // Once for each mail, however often its link is used.
    const id = nameId('email', 'unsubscribed', reference.messageId, reference.subscriptionId);
    if (known)
      await recordDeliveryEvents([
        { ...reference, id, kind: 'unsubscribed', at: clock.now(), reason: source },
      ]);
    return known;
  };
  return (http) => {
    http.get('/t/u/:token', page, async (request, reply) => {
      const known = links.read(request.params.token) !== null;
      void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').type(HTML);
      return reply.code(known ? 200 : 404).send(known ? ASK_PAGE : REFUSED_PAGE);
    });

    http.post('/t/u/:token', page, async (request, reply) => {
      const asked = links.read(request.params.token);
      void reply.header('cache-control', 'no-store').type(HTML);
      if (asked === null) return reply.code(404).send(REFUSED_PAGE);
      // Nothing is left to end when the subscription is gone: for its person that is the same.
      await end(asked, 'unsubscribe link');
      return reply.send(DONE_PAGE);
    });

    http.post(
      '/apps/:app_id/notifications/:message_id/unsubscribe',
      {
        config: { access: 'public', envelope: 'basic', rateEnvelope: 'structured', rate: 'management' },
        schema: {
          summary: 'Unsubscribe by the token of an email',
          params: Type.Object({ app_id: Type.String(), message_id: Type.String() }),
          querystring: Type.Object({ token: Type.String() }),
          response: { 202: Type.Object({ success: Type.String() }) },
        },
      },
      async ({ appId, params, query }, reply) => {
        const asked = links.read(query.token);
        const fits = asked?.appId === appId && asked.reference.messageId === params.message_id.toLowerCase();
        if (!fits) throw new ApiError('forbidden');
        if (!(await end(asked, 'unsubscribe API'))) throw new ApiError('unsubscribe-subscription');
        return reply.code(202).send({ success: 'true' });
      },
    );
  };
}
