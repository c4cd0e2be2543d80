import {
  cancelRunsAnswer,
  journeyRunPage,
  journeyStats,
  userJourneyTrace,
  userJourneys,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import type { JourneyInsight } from './journey-insight.ts';

const uuid = Type.String({ format: 'uuid' });
const ofJourney = Type.Object({ app_id: uuid, journey_id: uuid });
const ofUser = Type.Object({ app_id: uuid, alias_label: Type.String(), alias_id: Type.String() });
const ofBoth = Type.Object({ ...ofUser.properties, journey_id: uuid });
const config = { access: 'app', envelope: 'structured', denied: 'access-denied' } as const;
const configOfUser = { access: 'app' } as const;

/** How many are where; and, extensions of ours, where somebody is and why, and how to end that. */
export function journeyInsightRoutes(insight: JourneyInsight): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/journeys/:journey_id/stats',
      {
        config,
        schema: { summary: 'View numbers of a journey', params: ofJourney, response: { 200: journeyStats } },
      },
      (request) => insight.stats(request.appId, request.params.journey_id),
    );

    http.get(
      '/apps/:app_id/journeys/:journey_id/runs',
      {
        config,
        schema: {
          summary: 'List who is inside a journey',
          params: ofJourney,
          querystring: Type.Object({
            cursor: Type.Optional(Type.String()),
            node_id: Type.Optional(uuid),
            limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
          }),
          response: { 200: journeyRunPage },
        },
      },
      (request) => insight.runs(request.appId, request.params.journey_id, request.query),
    );

    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/journeys',
      {
        config: configOfUser,
        schema: {
          summary: 'View the journeys of a user: where they are, and what they were not let into',
          params: ofUser,
          response: { 200: userJourneys },
        },
      },
      ({ appId, params }) => insight.ofUser(appId, params.alias_label, params.alias_id),
    );

    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/journeys/:journey_id',
      {
        config: configOfUser,
        schema: {
          summary: 'View every step of a user in a journey',
          params: ofBoth,
          response: { 200: userJourneyTrace },
        },
      },
      ({ appId, params }) =>
        insight.traceOfUser(appId, params.alias_label, params.alias_id, params.journey_id),
    );

    http.delete(
      '/apps/:app_id/users/by/:alias_label/:alias_id/journeys/:journey_id',
      {
        config: configOfUser,
        schema: {
          summary: 'End the way of a user through a journey',
          params: ofBoth,
          querystring: Type.Object({ run_key: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })) }),
          response: { 202: cancelRunsAnswer },
        },
      },
      async ({ appId, params, query }, reply) => {
        const { alias_label: label, alias_id: value, journey_id: journeyId } = params;
        const cancelling = await insight.cancel(appId, label, value, journeyId, query.run_key ?? null);
        return reply.code(202).send({ cancelling });
      },
    );
  };
}
