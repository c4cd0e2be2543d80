import {
  createWebhookBody,
  enableWebhookBody,
  rotateStreamSecretAnswer,
  rotateStreamSecretBody,
  testWebhookAnswer,
  testWebhookBody,
  updateWebhookBody,
  webhookPage,
  webhookView,
} from '@carillon/wire';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import { presentWebhook } from './present-webhook.ts';
import type { Webhooks } from './webhooks.ts';

const config = { access: 'app' } as const;
const tags = ['Webhooks'];
const all = '/apps/:app_id/webhooks';
const one = `${all}/:webhook_id`;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ON_A_PAGE = 50;
const MOST_ON_A_PAGE = 200;

/** Of one webhook. */
export const webhookParams = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  webhook_id: Type.String(),
});

/** `/apps/{app_id}/webhooks`: requests that journeys make. An extension of ours. */
export function webhookRoutes(webhooks: Webhooks): Routes {
  return (http) => {
    http.post(
      all,
      {
        config,
        schema: {
          tags,
          summary: 'Create a webhook',
          description: 'A request that journeys make about a user. URL, headers and body are Liquid.',
          params: ofApp,
          body: createWebhookBody,
          response: { 201: webhookView },
        },
      },
      async (request, reply) => {
        const { madeSecret, ...made } = await webhooks.create(request.appId, request.body, authorOf(request));
        const shown = presentWebhook(made);
        return reply.code(201).send({ ...shown, ...(madeSecret !== null && { secret: madeSecret }) });
      },
    );
    http.get(
      all,
      {
        config,
        schema: {
          tags,
          summary: 'List the webhooks of an app',
          description: 'By name.',
          params: ofApp,
          querystring: Type.Object({
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: webhookPage },
        },
      },
      async ({ appId, query: { cursor, limit = ON_A_PAGE } }) => {
        const list = ['webhooks', appId];
        const [after] = cursor === undefined ? [''] : decodeCursor(list, cursor, ['text']);
        const found = await webhooks.list(appId, after, limit + 1);
        const page = found.slice(0, limit).map(presentWebhook);
        const last = found.length > limit ? page.at(-1) : undefined;
        return {
          webhooks: page,
          ...(last !== undefined && { next_cursor: encodeCursor(list, [last.name]) }),
        };
      },
    );
    http.get(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Show a webhook',
          description: 'With what waits, and why it rests or is disabled.',
          params: webhookParams,
          response: { 200: webhookView },
        },
      },
      async ({ appId, params }) => presentWebhook(await webhooks.view(appId, params.webhook_id)),
    );
    http.patch(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Change a webhook',
          description: 'Only what is named changes. Calls that wait are made as it is then.',
          params: webhookParams,
          body: updateWebhookBody,
          response: { 200: webhookView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return presentWebhook(await webhooks.update(appId, params.webhook_id, body, authorOf(request)));
      },
    );
    http.delete(
      one,
      {
        config,
        schema: {
          tags,
          summary: 'Delete a webhook',
          description: 'Refused while a journey that is not archived calls it. Calls that wait are not made.',
          params: webhookParams,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await webhooks.remove(request.appId, request.params.webhook_id, authorOf(request));
        return { success: true };
      },
    );
    http.post(
      `${one}/disable`,
      {
        config,
        schema: {
          tags,
          summary: 'Disable a webhook',
          description: 'Requests under way are finished. Calls wait, for 30 days.',
          params: webhookParams,
          response: { 200: webhookView },
        },
      },
      async (request) => {
        const { appId, params } = request;
        return presentWebhook(await webhooks.disable(appId, params.webhook_id, authorOf(request)));
      },
    );
    http.post(
      `${one}/enable`,
      {
        config,
        schema: {
          tags,
          summary: 'Enable a webhook',
          description: 'One that was disabled or rests goes on at once, with the calls that wait.',
          params: webhookParams,
          body: Type.Optional(Type.Union([enableWebhookBody, Type.Null()])),
          response: { 200: webhookView },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        const author = authorOf(request);
        return presentWebhook(await webhooks.enable(appId, params.webhook_id, body ?? {}, author));
      },
    );
    http.post(
      `${one}/rotate_secret`,
      {
        config,
        schema: {
          tags,
          summary: 'Give a webhook another signing secret',
          description: 'For some hours requests bear two signatures: one of the new secret, one of the old.',
          params: webhookParams,
          body: Type.Optional(Type.Union([rotateStreamSecretBody, Type.Null()])),
          response: { 200: rotateStreamSecretAnswer },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return webhooks.rotateSecret(appId, params.webhook_id, body ?? {}, authorOf(request));
      },
    );
    http.post(
      `${one}/test`,
      {
        config,
        schema: {
          tags,
          summary: 'Make a test call',
          description:
            'About a user that is named or made up, tried once and at once, with what was sent and what was answered.',
          params: webhookParams,
          body: Type.Optional(Type.Union([testWebhookBody, Type.Null()])),
          response: { 200: testWebhookAnswer },
        },
      },
      async ({ appId, params, body }) => webhooks.test(appId, params.webhook_id, body ?? {}),
    );
  };
}
