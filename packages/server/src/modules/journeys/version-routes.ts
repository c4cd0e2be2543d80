import {
  duplicateJourneyBody,
  journey,
  journeyBody,
  journeyFileSchema,
  journeyValidation,
  journeyVersion,
  journeyVersionPage,
} from '@carillon/wire';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import type { Routes } from '../../platform/http/route.ts';
import { authorOf } from '../accounts/index.ts';
import type { Journeys } from './journeys.ts';
import { presentComplaints } from './present/present-complaint.ts';
import { presentDefinition, presentJourney } from './present/present-journey.ts';
import { config, ofApp, ofJourney, pageQuery } from './route-parts.ts';

const SCHEMA = journeyFileSchema();

const all = '/apps/:app_id/journeys';
const one = `${all}/:journey_id`;

/** What the documented API has not: validation, versions, copies. */
export function journeyVersionRoutes(journeys: Journeys): Routes {
  return (http) => {
    http.post(
      `${one}/validate`,
      {
        config,
        schema: {
          summary: 'Ask what keeps a journey from going live',
          description: 'All complaints, each with the node, where it is and what to do. Changes nothing.',
          params: ofJourney,
          response: { 200: journeyValidation },
        },
      },
      async ({ appId, params }) => presentComplaints(await journeys.validate(appId, params.journey_id)),
    );

    http.post(
      `${all}/validate`,
      {
        config,
        schema: {
          summary: 'Ask what would keep a journey from going live that is not there yet',
          description: 'Takes what creating a journey takes, and makes none.',
          params: ofApp,
          body: journeyBody,
          response: { 200: journeyValidation },
        },
      },
      async ({ appId, body }) => presentComplaints(await journeys.validateNew(appId, body)),
    );

    http.post(
      `${one}/duplicate`,
      {
        config,
        schema: {
          summary: 'Make a draft that says the same as a journey, or as a version of it',
          description: 'Without its schedule. The nodes have ids of their own.',
          params: ofJourney,
          body: duplicateJourneyBody,
          response: { 201: journey },
        },
      },
      async (request, reply) => {
        const { appId, params, body } = request;
        const copy = await journeys.duplicate(appId, params.journey_id, body, authorOf(request));
        return reply.code(201).send(presentJourney(copy));
      },
    );

    http.get(
      '/schemas/journey.json',
      {
        config: { access: 'public' },
        schema: {
          summary: 'The JSON Schema of a journey file',
          description: 'For editors: `# yaml-language-server: $schema=<url>`.',
          response: { 200: Type.Unsafe<string>({ type: 'string' }) },
        },
      },
      async (_request, reply) => reply.type('application/json').send(SCHEMA),
    );

    http.get(
      `${one}/versions`,
      {
        config,
        schema: {
          summary: 'List what a journey was each time that it was published, newest first',
          params: ofJourney,
          querystring: Type.Object(pageQuery),
          response: { 200: journeyVersionPage },
        },
      },
      async ({ appId, params, query: { cursor, limit } }) => {
        const list = ['journey-versions', params.journey_id];
        const [before] = cursor === undefined ? [null] : decodeCursor(list, cursor, ['integer']);
        const { versions, hasMore } = await journeys.versions(appId, params.journey_id, before, limit);
        const last = hasMore ? versions.at(-1) : undefined;
        return {
          versions: versions.map(({ version, publishedAt }) => ({
            version,
            published_at: publishedAt.toISOString(),
          })),
          has_more: hasMore,
          ...(last && { next_cursor: encodeCursor(list, [last.version]) }),
        };
      },
    );

    http.get(
      `${one}/versions/:version`,
      {
        config,
        schema: {
          summary: 'View what a journey was at one version',
          params: Type.Object({
            ...ofJourney.properties,
            version: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
          }),
          response: { 200: journeyVersion },
        },
      },
      async ({ appId, params }) => {
        const { version, definition, publishedAt } = await journeys.version(
          appId,
          params.journey_id,
          Number(params.version),
        );
        return { version, published_at: publishedAt.toISOString(), ...presentDefinition(definition) };
      },
    );
  };
}
