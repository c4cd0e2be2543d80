import { createIdentityKeyBody, createdIdentityKey, identityKeyList } from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../audit/author.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { presentIdentityKey } from './present-identity-key.ts';

const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ofKey = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  key_id: Type.String({ format: 'uuid' }),
});
const tags = ['Identity keys'];
const change = { access: 'organization', forbidden: 'organization-permission' } as const;

/** Keys that identity tokens are signed with. */
export function identityKeyRoutes(keys: IdentityKeys): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/identity_keys',
      {
        config: { access: 'app' },
        schema: {
          tags,
          summary: 'List the identity keys of an app',
          params: ofApp,
          response: { 200: identityKeyList },
        },
      },
      async ({ appId }) => ({ identity_keys: (await keys.list(appId)).map(presentIdentityKey) }),
    );
    http.post(
      '/apps/:app_id/identity_keys',
      {
        config: change,
        schema: {
          tags,
          summary: 'Add an identity key',
          params: ofApp,
          body: createIdentityKeyBody,
          response: { 201: createdIdentityKey },
        },
      },
      async (request, reply) => {
        const { appId, body } = request;
        return reply.code(201).send(await keys.create(appId, body, authorOf(request)));
      },
    );
    http.delete(
      '/apps/:app_id/identity_keys/:key_id',
      {
        config: change,
        schema: {
          tags,
          summary: 'Delete an identity key',
          description: 'Tokens that it has signed open nothing any more.',
          params: ofKey,
          response: { 200: Type.Object({}) },
        },
      },
      async (request) => {
        await keys.delete(request.appId, request.params.key_id.toLowerCase(), authorOf(request));
        return {};
      },
    );
  };
}
