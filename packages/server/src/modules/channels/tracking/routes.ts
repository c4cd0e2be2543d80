import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { newId } from '../../../platform/ids.ts';
import type { Logger } from '../../../platform/log.ts';
import type { DeliveryEvent, RecordDeliveryEvents } from '../delivery-event.ts';
import type { Tracker } from './tracker.ts';

export interface TrackingRoutesOptions {
  readonly tracker: Tracker;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

/** A person who opens or clicks is never turned away, and no page has anything to read here. */
const config = { access: 'public', rate: 'unlimited', pages: 'own' } as const;

/** One transparent dot. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const REFUSED = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>This link does not work</title>
<body style="font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#1f2430">
<h1 style="font-size:1.25rem">This link does not work</h1>
<p>It was cut off or changed on its way. Please go back to the message and follow the link there.</p></body></html>`;

const params = Type.Object({ token: Type.String() });

/**
 * `GET /t/o/{token}`: the pixel. `GET /t/c/{token}`: on to the signed target. A token that is not ours
 * leads nowhere: 404. A person is never kept waiting or turned away because an event could not be
 * recorded.
 */
export function trackingRoutes(options: TrackingRoutesOptions): Routes {
  const { tracker, clock, log } = options;
  const record = async (method: string, event: Omit<DeliveryEvent, 'id' | 'at'>) => {
    // Programs that look at a link before the person does ask with HEAD: nobody has seen anything.
    if (method !== 'GET') return;
    try {
      await options.recordDeliveryEvents([{ ...event, id: newId(), at: clock.now() }]);
    } catch (error) {
      log.error({ err: error, message: event.messageId, kind: event.kind }, 'an event was not recorded');
    }
  };
  return (http) => {
    http.get('/t/o/:token', { config, schema: { hide: true, params } }, async (request, reply) => {
      const reference = tracker.readOpen(request.params.token);
      if (reference !== null) await record(request.method, { ...reference, kind: 'opened' });
      return reply
        .code(reference === null ? 404 : 200)
        .header('cache-control', 'no-store')
        .type('image/gif')
        .send(PIXEL);
    });
    http.get('/t/c/:token', { config, schema: { hide: true, params } }, async (request, reply) => {
      void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
      const click = tracker.readClick(request.params.token);
      if (click === null) return reply.code(404).type('text/html; charset=utf-8').send(REFUSED);
      await record(request.method, { ...click.reference, kind: 'clicked', url: click.url });
      // Through URL: what is written in a header must be ASCII.
      return reply.redirect(new URL(click.url).href, 302);
    });
  };
}
