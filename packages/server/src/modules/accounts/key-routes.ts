import { Type } from 'typebox';
import { apiKey, createApiKeyBody, createdApiKey, updateApiKeyBody } from '@carillon/wire';
import type { ApiKey } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import { keysOf } from './api-key-store.ts';
import type { ApiKeyRow, KeyOwner } from './api-key-store.ts';
import { createApiKey, deleteApiKey, rotateApiKey, updateApiKey } from './api-keys.ts';
import { organizationOf } from './organization-of.ts';

const config = {
  access: 'organization',
  envelope: 'basic',
  forbidden: 'organization-permission',
  appUnknown: 'token-app-not-found',
} as const;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ofKey = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  token_id: Type.String({ format: 'uuid' }),
});
const nothing = Type.Object({});
const tags = ['API keys'];

/** Keys of an app. `onChange` is called whenever a key may have stopped working. */
export function keyRoutes(database: Database, clock: Clock, onChange: () => void): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/auth/tokens',
      {
        config,
        schema: {
          tags,
          summary: 'List the API keys of an app',
          params: ofApp,
          response: { 200: Type.Object({ tokens: Type.Array(apiKey) }) },
        },
      },
      async (request) => ({ tokens: (await keysOf(database, ownerOf(request))).map(keyAnswer) }),
    );

    http.post(
      '/apps/:app_id/auth/tokens',
      {
        config,
        schema: {
          tags,
          summary: 'Create an API key',
          params: ofApp,
          body: createApiKeyBody,
          response: { 200: createdApiKey },
        },
      },
      async (request) => createApiKey(database, clock, ownerOf(request), request.body),
    );

    http.patch(
      '/apps/:app_id/auth/tokens/:token_id',
      {
        config,
        schema: {
          tags,
          summary: 'Rename an API key or change from where it works',
          params: ofKey,
          body: updateApiKeyBody,
          response: { 200: nothing },
        },
      },
      async (request) => {
        await updateApiKey(database, clock, ownerOf(request), request.params.token_id, request.body);
        onChange();
        return {};
      },
    );

    http.post(
      '/apps/:app_id/auth/tokens/:token_id/rotate',
      {
        config,
        schema: {
          tags,
          summary: 'Give an API key a new secret',
          params: ofKey,
          response: { 200: Type.Object({ formatted_token: Type.String() }) },
        },
      },
      async (request) => {
        const secret = await rotateApiKey(database, clock, ownerOf(request), request.params.token_id);
        onChange();
        return { formatted_token: secret };
      },
    );

    http.delete(
      '/apps/:app_id/auth/tokens/:token_id',
      {
        config,
        schema: { tags, summary: 'Delete an API key', params: ofKey, response: { 200: nothing } },
      },
      async (request) => {
        await deleteApiKey(database, ownerOf(request), request.params.token_id);
        onChange();
        return {};
      },
    );
  };
}

function ownerOf({ principal, appId }: Pick<FastifyRequest, 'principal' | 'appId'>): KeyOwner {
  return { organizationId: organizationOf(principal), appId };
}

function keyAnswer(row: ApiKeyRow): ApiKey {
  return {
    token_id: row.id,
    name: row.name,
    ip_allowlist_mode: row.ip_allowlist_mode,
    ip_allowlist: row.ip_allowlist,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
