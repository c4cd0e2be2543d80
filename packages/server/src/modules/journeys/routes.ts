import { journey, journeyBody, journeyPage, journeyState } from '@carillon/wire';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import type { Journeys } from './journeys.ts';
import { presentJourney, presentSummary } from './present/present-journey.ts';
import { config, ofApp, ofJourney, ofNode, pageQuery } from './route-parts.ts';

const all = '/apps/:app_id/journeys';
const one = `${all}/:journey_id`;

export function journeysRoutes(journeys: Journeys): Routes {
  return (http) => {
    http.post(
      all,
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
      all,
      {
        config,
        schema: {
          summary: 'List journeys, newest first',
          params: ofApp,
          querystring: Type.Object({
            ...pageQuery,
            state: Type.Optional(
              Type.Array(journeyState, { description: 'Only those in one of these states.' }),
            ),
          }),
          response: { 200: journeyPage },
        },
      },
      async ({ appId, query: { cursor, limit, state = null } }) => {
        const list = ['journeys', appId, state?.toSorted()];
        const [createdAt = 0, id = ''] =
          cursor === undefined ? [] : decodeCursor(list, cursor, ['integer', 'uuid']);
        const start = cursor === undefined ? null : { createdAt, id };
        const page = await journeys.list(appId, start, limit, state);
        const last = page.hasMore ? page.journeys.at(-1) : undefined;
        return {
          journeys: page.journeys.map(presentSummary),
          has_more: page.hasMore,
          ...(last && { next_cursor: encodeCursor(list, [last.createdAt.getTime(), last.id]) }),
        };
      },
    );

    http.get(
      one,
      { config, schema: { summary: 'View a journey', params: ofJourney, response: { 200: journey } } },
      async (request) => presentJourney(await journeys.get(request.appId, request.params.journey_id)),
    );

    http.patch(
      one,
      {
        config,
        schema: {
          summary: 'Change a journey',
          description: 'A JSON Merge Patch (RFC 7396). `state` starts, pauses and archives it.',
          params: ofJourney,
          querystring: Type.Object({
            dry_run: Type.Boolean({
              default: false,
              description: 'Answer what the journey would be, or why not, and change nothing.',
            }),
          }),
          body: journeyBody,
          response: { 200: journey },
        },
      },
      async (request) => {
        const { appId, params, body, query } = request;
        const options = { isDryRun: query.dry_run };
        const changed = await journeys.update(appId, params.journey_id, body, authorOf(request), options);
        return presentJourney(changed);
      },
    );

    http.patch(
      `${one}/nodes/:node_id`,
      {
        config,
        schema: {
          summary: 'Change a node of a journey',
          description: 'A JSON Merge Patch (RFC 7396) of the node. Its kind and its id stay.',
          params: ofNode,
          body: journeyBody,
          response: { 200: journey },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        const place = { appId, id: params.journey_id, nodeId: params.node_id };
        return presentJourney(await journeys.updateNode(place, body, authorOf(request)));
      },
    );

    http.delete(
      one,
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
