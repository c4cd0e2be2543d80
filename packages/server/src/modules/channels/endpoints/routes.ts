import { endpointTestAnswer } from '@carillon/wire';
import type { EndpointBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import { endpointBody, showSettings } from './endpoint-settings.ts';
import type { Endpoint, Endpoints } from './endpoints.ts';

const config = { access: 'app' } as const;
const tags = ['Endpoints'];
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });

/** Of one endpoint. */
export const endpointParams = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  name: Type.String({
    pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
    description: 'Of small letters, digits, - and _: 64 at most.',
  }),
});

const shown = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['webhook', 'slack', 'discord', 'teams']),
  url: Type.String({ description: 'Without its path: who knows that can post.' }),
  header_names: Type.Optional(Type.Array(Type.String())),
  created_at: Type.String({ format: 'date-time' }),
  updated_at: Type.String({ format: 'date-time' }),
});
const made = Type.Object({
  ...shown.properties,
  secret: Type.Optional(
    Type.String({ description: 'Of a webhook, when it was made by this request: it is not shown again.' }),
  ),
});

/** `/apps/{app_id}/endpoints`: webhooks and rooms of chats that an app posts to. An extension of ours. */
export function endpointRoutes(endpoints: Endpoints): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/endpoints',
      {
        config,
        schema: {
          tags,
          summary: 'List the endpoints of an app',
          description: 'In the order of their names: at most 100.',
          params: ofApp,
          response: { 200: Type.Object({ endpoints: Type.Array(shown) }) },
        },
      },
      async ({ appId }) => ({ endpoints: (await endpoints.list(appId)).map(present) }),
    );
    http.get(
      '/apps/:app_id/endpoints/:name',
      {
        config,
        schema: { tags, summary: 'Show an endpoint', params: endpointParams, response: { 200: shown } },
      },
      async ({ appId, params: { name } }) => present(await endpoints.view(appId, name)),
    );
    http.put(
      '/apps/:app_id/endpoints/:name',
      {
        config,
        schema: {
          tags,
          summary: 'Set an endpoint',
          description:
            'Replaces what was set under this name before, but for the secret of a webhook, which stays until another is given. What waits to be posted goes to the new one.',
          params: endpointParams,
          body: endpointBody,
          response: { 200: made },
        },
      },
      async (request) => {
        const { appId, params } = request;
        const body = request.body as EndpointBody;
        const { madeSecret, ...set } = await endpoints.set(appId, params.name, body, authorOf(request));
        return { ...present(set), ...(madeSecret !== null && { secret: madeSecret }) };
      },
    );
    http.delete(
      '/apps/:app_id/endpoints/:name',
      {
        config,
        schema: {
          tags,
          summary: 'Delete an endpoint',
          description: 'What waits to be posted to it ends as failed.',
          params: endpointParams,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        await endpoints.remove(request.appId, request.params.name, authorOf(request));
        return { success: true };
      },
    );
    http.post(
      '/apps/:app_id/endpoints/:name/test',
      {
        config,
        schema: {
          tags,
          summary: 'Post a test to an endpoint',
          description: 'At once, and tried once: the answer tells what the other side said.',
          params: endpointParams,
          response: { 200: endpointTestAnswer },
        },
      },
      async ({ appId, params: { name } }) => endpoints.test(appId, name),
    );
  };
}

function present({ name, settings, createdAt, updatedAt }: Endpoint) {
  return {
    name,
    ...showSettings(settings),
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
