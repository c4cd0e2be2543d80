import { createCustomEventsAnswer, createCustomEventsBody } from '@carillon/wire';
import { Type } from 'typebox';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Http, Routes } from '../../platform/http/route.ts';
import { sourceOf } from '../identity/index.ts';
import type { CustomEvents } from './custom-events.ts';
import { eventsOfDevice } from './events-of-device.ts';

/** Most bytes of a request, as documented. */
const REQUEST_BYTES = 1_048_576;

/** Where it was before, which phones with older versions of the SDK still call. */
const PATHS = [
  '/apps/:app_id/custom_events',
  '/apps/:app_id/integrations/custom_events',
  '/apps/:app_id/integrations/sdk/custom_events',
];

/** The backend sends events with its key, devices about their own user without one. */
export function customEventsRoutes(events: CustomEvents): Routes {
  return (http) => PATHS.forEach((path) => addRoute(http, path, events));
}

function addRoute(http: Http, path: string, events: CustomEvents): void {
  http.post(
    path,
    {
      bodyLimit: REQUEST_BYTES,
      config: { access: 'public', envelope: 'basic', denied: 'access-denied-events', rate: 'events' },
      schema: {
        summary: 'Take custom events in',
        params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
        body: createCustomEventsBody,
        response: { 202: createCustomEventsAnswer },
      },
    },
    async (request, reply) => {
      const { principal, body } = request;
      const inputs = principal.kind === 'anonymous' ? eventsOfDevice(body.events) : body.events;
      if (inputs === null) throw new ApiError('access-denied-events');
      const source = principal.kind === 'anonymous' ? 'device' : 'api';
      const faults = await events.take(request.appId, inputs, { source, by: sourceOf(principal) });
      const errors = faults.map(({ id, subject, code, title }) => ({
        event_user_id: subject,
        event_id: id,
        error: { code, title },
      }));
      // Never an empty body: the Node client fails on one.
      return reply.code(202).send(errors.length > 0 ? { errors } : {});
    },
  );
}
