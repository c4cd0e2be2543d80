import { journey, journeyBody, journeyPage } from '@carillon/wire';
import { Type } from 'typebox';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Routes } from '../../platform/http/route.ts';
import { isUuid } from '../../platform/ids.ts';
import { authorOf } from '../accounts/index.ts';
import type { PageStart } from './definition/journey-store.ts';
import type { Journeys } from './journeys.ts';
import { presentJourney, presentSummary } from './present/present-journey.ts';

const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ofJourney = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  journey_id: Type.String({ format: 'uuid' }),
});
const config = { access: 'app', envelope: 'structured', denied: 'access-denied' } as const;

export function journeysRoutes(journeys: Journeys): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/journeys',
      {
        config,
        schema: { summary: 'Create a journey', params: ofApp, body: journeyBody, response: { 201: journey } },
      },
      async (request, reply) => {
        const created = await journeys.create(request.appId, request.body, authorOf(request));
        return reply.code(201).send(presentJourney(created));
      },
    );

    http.get(
      '/apps/:app_id/journeys',
      {
        config,
        schema: {
          summary: 'List journeys, newest first',
          params: ofApp,
          querystring: Type.Object({
            cursor: Type.Optional(Type.String()),
            limit: Type.Integer({ minimum: 1, maximum: 50, default: 50 }),
          }),
          response: { 200: journeyPage },
        },
      },
      async (request) => {
        const { cursor, limit } = request.query;
        const start = cursor === undefined ? null : readCursor(cursor);
        const page = await journeys.list(request.appId, start, limit);
        const last = page.journeys.at(-1);
        return {
          journeys: page.journeys.map(presentSummary),
          has_more: page.hasMore,
          ...(page.hasMore &&
            last && { next_cursor: writeCursor({ createdAt: last.createdAt.getTime(), id: last.id }) }),
        };
      },
    );

    http.get(
      '/apps/:app_id/journeys/:journey_id',
      { config, schema: { summary: 'View a journey', params: ofJourney, response: { 200: journey } } },
      async (request) => presentJourney(await journeys.get(request.appId, request.params.journey_id)),
    );

    http.patch(
      '/apps/:app_id/journeys/:journey_id',
      {
        config,
        schema: {
          summary: 'Change a journey',
          params: ofJourney,
          body: journeyBody,
          response: { 200: journey },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return presentJourney(await journeys.update(appId, params.journey_id, body, authorOf(request)));
      },
    );

    http.delete(
      '/apps/:app_id/journeys/:journey_id',
      {
        config,
        schema: {
          summary: 'Delete a journey and stop the users inside',
          params: ofJourney,
          response: { 200: Type.Object({ success: Type.Literal(true) }) },
        },
      },
      async (request) => {
        await journeys.remove(request.appId, request.params.journey_id, authorOf(request));
        return { success: true as const };
      },
    );
  };
}

function writeCursor({ createdAt, id }: PageStart): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

function readCursor(cursor: string): PageStart {
  const [createdAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!/^\d{1,15}$/.test(createdAt) || !isUuid(id)) {
    throw new ApiError('request-invalid', {
      params: { field: 'cursor', rule: 'must be a next_cursor that this list gave out' },
    });
  }
  return { createdAt: Number(createdAt), id };
}
