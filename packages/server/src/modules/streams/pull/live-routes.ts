import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { feedFilters, passesQuery, startOf } from './feed-query.ts';
import { LiveTails } from './live-tails.ts';
import type { LiveTailsOptions } from './live-tails.ts';

/** `GET /apps/{app_id}/feed/live`: the feed as it happens. An extension of ours. */
export function liveRoutes(options: LiveTailsOptions): Routes {
  const { database } = options;
  const tails = new LiveTails(options);
  return (http) => {
    // They would hold up the end for as long as it waits for requests in flight.
    http.addHook('preClose', (done) => {
      tails.close();
      done();
    });
    http.get(
      '/apps/:app_id/feed/live',
      {
        config: { access: 'app', envelope: 'basic' },
        schema: {
          summary: 'Follow the event feed as it happens',
          description:
            'Server-sent events: the name is the kind, the data is the event as JSON. Ids are cursors: a client that comes back with Last-Event-ID, as browsers do, misses nothing.',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 4_096 })) }),
          querystring: Type.Object({
            cursor: Type.Optional(
              Type.String({
                description:
                  'Begins behind it; `start` is the oldest event kept. Absent: what comes from now on. Last-Event-ID goes before.',
              }),
            ),
            ...feedFilters,
          }),
          response: {
            200: {
              description: 'Events',
              content: { 'text/event-stream': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
            },
          },
        },
      },
      async (request, reply) => {
        const { appId, headers } = request;
        const { cursor = 'end', ...filters } = request.query;
        const last = headers['last-event-id'] ?? '';
        const from = await startOf(database, appId, last === '' ? cursor : last);
        const { text, leave } = tails.open({ appId, from, passes: passesQuery(filters) });
        reply.raw.once('close', leave);
        return reply
          .headers({
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-store',
            // nginx would gather what is to be seen at once.
            'x-accel-buffering': 'no',
          })
          .send(Readable.from(text, { highWaterMark: 1 }));
      },
    );
  };
}
