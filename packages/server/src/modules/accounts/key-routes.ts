import { Type } from 'typebox';
import { apiKey, createApiKeyBody, createdApiKey, updateApiKeyBody } from '@carillon/wire';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Routes } from '../../platform/http/route.ts';
import { keysOf } from './api-key-store.ts';
import type { KeyOwner } from './api-key-store.ts';
import { deleteApiKey, rotateApiKey, updateApiKey } from './api-keys.ts';
import { authorOf } from './audit/author.ts';
import { createApiKey } from './create-api-key.ts';
import { keyAnswer } from './key-answer.ts';
import type { KeyUse } from './key-use.ts';
import { organizationOf } from './organization-of.ts';

const config = {
  access: 'organization',
  envelope: 'basic',
  forbidden: 'organization-permission',
  appUnknown: 'token-app-not-found',
} as const;
const id = Type.String({ format: 'uuid' });
const nothing = Type.Object({});
const tags = ['API keys'];

/** Whose keys a path names. The organization's own are an extension of ours, in the same shapes. */
const PLACES = [
  {
    owner: 'app',
    base: '/apps/:app_id/auth/tokens',
    ofWhom: 'an app',
    params: Type.Object({ app_id: id }),
    ofKey: Type.Object({ app_id: id, token_id: id }),
  },
  {
    owner: 'organization',
    base: '/organizations/:organization_id/auth/tokens',
    ofWhom: 'the organization itself',
    params: Type.Object({ organization_id: id }),
    ofKey: Type.Object({ organization_id: id, token_id: id }),
  },
] as const;

export interface KeyRoutesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyUse: KeyUse;
  /** Called whenever a key may have stopped working. */
  readonly onChange: () => void;
}

export function keyRoutes(options: KeyRoutesOptions): Routes {
  return (http) => {
    for (const place of PLACES) routesAt(place, options)(http);
  };
}

function routesAt(
  { owner, base, ofWhom, params, ofKey }: (typeof PLACES)[number],
  { database, clock, keyUse, onChange }: KeyRoutesOptions,
): Routes {
  // Never by request.appId alone: a query string can name an app on a path that names none.
  const ownerOf = ({ principal, appId }: Pick<FastifyRequest, 'principal' | 'appId'>): KeyOwner => ({
    organizationId: organizationOf(principal),
    appId: owner === 'app' ? appId : null,
  });
  return (http) => {
    http.get(
      base,
      {
        config,
        schema: {
          tags,
          summary: `List the API keys of ${ofWhom}`,
          params,
          response: { 200: Type.Object({ tokens: Type.Array(apiKey) }) },
        },
      },
      async (request) => {
        const keys = await keysOf(database, ownerOf(request));
        return { tokens: keys.map((key) => keyAnswer(key, keyUse.unwritten(key.id))) };
      },
    );

    http.post(
      base,
      {
        config,
        schema: {
          tags,
          summary: `Create an API key of ${ofWhom}`,
          params,
          body: createApiKeyBody,
          response: { 200: createdApiKey },
        },
      },
      async (request) => createApiKey(database, clock, ownerOf(request), request.body, authorOf(request)),
    );

    http.patch(
      `${base}/:token_id`,
      {
        config,
        schema: {
          tags,
          summary: `Rename an API key of ${ofWhom}, or change from where it works`,
          params: ofKey,
          body: updateApiKeyBody,
          response: { 200: nothing },
        },
      },
      async (request) => {
        const { token_id: key } = request.params;
        await updateApiKey(database, clock, ownerOf(request), key, request.body, authorOf(request));
        onChange();
        return {};
      },
    );

    http.post(
      `${base}/:token_id/rotate`,
      {
        config,
        schema: {
          tags,
          summary: `Give an API key of ${ofWhom} a new secret`,
          params: ofKey,
          response: { 200: Type.Object({ formatted_token: Type.String() }) },
        },
      },
      async (request) => {
        const { token_id: key } = request.params;
        const secret = await rotateApiKey(database, clock, ownerOf(request), key, authorOf(request));
        onChange();
        return { formatted_token: secret };
      },
    );

    http.delete(
      `${base}/:token_id`,
      {
        config,
        schema: {
          tags,
          summary: `Delete an API key of ${ofWhom}`,
          params: ofKey,
          response: { 200: nothing },
        },
      },
      async (request) => {
        await deleteApiKey(database, clock, ownerOf(request), request.params.token_id, authorOf(request));
        onChange();
        return {};
      },
    );
  };
}
