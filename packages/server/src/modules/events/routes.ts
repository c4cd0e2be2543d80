import { createCustomEventsAnswer, createCustomEventsBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import type { CustomEvents } from './custom-events.ts';

/** Most bytes of a request, as documented. */
const REQUEST_BYTES = 1_048_576;

export function customEventsRoutes(events: CustomEvents): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/custom_events',
      {
        bodyLimit: REQUEST_BYTES,
        config: { access: 'app-or-user', envelope: 'basic', denied: 'access-denied-events', rate: 'events' },
        schema: {
          summary: 'Take custom events in',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          body: createCustomEventsBody,
          response: { 202: createCustomEventsAnswer },
        },
      },
      async (request, reply) => {
        const faults = await events.take(request.appId, request.body.events);
        const errors = faults.map(({ id, subject, code, title }) => ({
          event_user_id: subject,
          event_id: id,
          error: { code, title },
        }));
        // Never an empty body: the Node client fails on one.
        return reply.code(202).send(errors.length > 0 ? { errors } : {});
      },
    );
  };
}
