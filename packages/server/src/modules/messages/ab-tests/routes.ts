import {
  abTestPage,
  abTestView,
  chooseWinnerBody,
  createAbTestAnswer,
  createAbTestBody,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { sourceOf } from '../../identity/index.ts';
import type { AbTests } from './ab-tests.ts';

const config = { access: 'app' } as const;
const sending = { ...config, rate: 'messages' } as const;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const oneTest = Type.Object({ app_id: Type.String({ format: 'uuid' }), ab_test_id: Type.String() });
const tags = ['A/B tests'];
const ON_A_PAGE = 20;
const MOST_ON_A_PAGE = 50;

/** Ours: several variants of a message for parts of an audience, and the best for the rest. */
export function abTestRoutes(tests: AbTests): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/ab_tests',
      {
        config: sending,
        schema: {
          tags,
          summary: 'Create an A/B test',
          description: 'Each variant goes to a part of the sample, as a message of its own.',
          params: ofApp,
          body: createAbTestBody,
          response: { 201: createAbTestAnswer },
        },
      },
      async (request, reply) => {
        const { appId, body, principal } = request;
        const { answer, replayed } = await tests.create(appId, body, sourceOf(principal));
        if (replayed) reply.header('Idempotent-Replayed', 'true');
        return reply.code(201).send(answer);
      },
    );
    http.get(
      '/apps/:app_id/ab_tests',
      {
        config,
        schema: {
          tags,
          summary: 'List the A/B tests of an app, newest first',
          params: ofApp,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String()),
          }),
          response: { 200: abTestPage },
        },
      },
      async ({ appId, query: { cursor, limit = ON_A_PAGE } }) => tests.page(appId, cursor, limit),
    );
    http.get(
      '/apps/:app_id/ab_tests/:ab_test_id',
      {
        config,
        schema: { tags, summary: 'View an A/B test', params: oneTest, response: { 200: abTestView } },
      },
      async ({ appId, params }) => tests.view(appId, params.ab_test_id),
    );
    http.post(
      '/apps/:app_id/ab_tests/:ab_test_id/winner',
      {
        config: sending,
        schema: {
          tags,
          summary: 'Choose the winner of an A/B test by hand',
          params: oneTest,
          body: chooseWinnerBody,
          response: { 200: abTestView },
        },
      },
      async ({ appId, params, body }) => tests.choose(appId, params.ab_test_id, body.variant),
    );
    http.delete(
      '/apps/:app_id/ab_tests/:ab_test_id',
      {
        config: sending,
        schema: {
          tags,
          summary: 'Cancel an A/B test with all its messages',
          params: oneTest,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async ({ appId, params }) => {
        await tests.cancel(appId, params.ab_test_id);
        return { success: true };
      },
    );
  };
}
