import {
  addAliasesBody,
  createUserBody,
  deleteUserAnswer,
  identityAnswer,
  mergeUserAnswer,
  mergeUserBody,
  updateUserAnswer,
  updateUserBody,
  user,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { addressOf, bodyFor, sessionOf } from './caller.ts';
import { sourceOf } from './change-source.ts';
import type { Users } from './users.ts';

const app = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const byAlias = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  alias_label: Type.String(),
  alias_id: Type.String(),
});
const oneAlias = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  alias_label: Type.String(),
  alias_id: Type.String(),
  label_to_delete: Type.String(),
});

/** Users and their aliases: https://documentation.onesignal.com/reference/create-user and its neighbours. */
export function userRoutes(users: Users): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/users',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Create a user, or change the one that an alias names',
          params: app,
          body: createUserBody,
          response: { 201: user, 202: user },
        },
      },
      async (request, reply) => {
        const result = await users.upsert(request.appId, request.body, sourceOf(request.principal));
        return reply.code(result.created ? 201 : 202).send(result.user);
      },
    );
    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id',
      {
        config: { access: 'public' },
        schema: { summary: 'View a user', params: byAlias, response: { 200: user } },
      },
      (request) => users.view(request.appId, addressOf(request)),
    );
    http.patch(
      '/apps/:app_id/users/by/:alias_label/:alias_id',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Change properties and tags of a user',
          params: byAlias,
          body: updateUserBody,
          response: { 202: updateUserAnswer },
        },
      },
      async (request, reply) => {
        const source = sourceOf(request.principal);
        const address = addressOf(request);
        return reply
          .code(202)
          .send(await users.update(request.appId, address, request.body, source, sessionOf(request)));
      },
    );
    http.delete(
      '/apps/:app_id/users/by/:alias_label/:alias_id',
      {
        config: { access: 'app-or-user', rate: 'users' },
        schema: {
          summary: 'Delete a user, and erase all that is held about it',
          params: byAlias,
          response: { 202: deleteUserAnswer },
        },
      },
      async (request, reply) => {
        const { userId, erasureId } = await users.delete(
          request.appId,
          addressOf(request),
          sourceOf(request.principal),
        );
        return reply.code(202).send({ identity: { onesignal_id: userId }, erasure_id: erasureId });
      },
    );
    http.get(
      '/apps/:app_id/users/by/:alias_label/:alias_id/identity',
      {
        config: { access: 'public' },
        schema: { summary: 'View the aliases of a user', params: byAlias, response: { 200: identityAnswer } },
      },
      async (request) => ({ identity: await users.identity(request.appId, addressOf(request)) }),
    );
    http.patch(
      '/apps/:app_id/users/by/:alias_label/:alias_id/identity',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Add or change aliases of a user',
          params: byAlias,
          body: addAliasesBody,
          response: { 200: identityAnswer },
        },
      },
      async (request) => ({
        identity: await users.addAliases(
          request.appId,
          addressOf(request),
          bodyFor(request.principal, request.body),
          sourceOf(request.principal),
        ),
      }),
    );
    http.delete(
      '/apps/:app_id/users/by/:alias_label/:alias_id/identity/:label_to_delete',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Remove an alias from a user',
          params: oneAlias,
          response: { 200: identityAnswer },
        },
      },
      async (request) => ({
        identity: await users.deleteAlias(
          request.appId,
          addressOf(request),
          request.params.label_to_delete,
          sourceOf(request.principal),
        ),
      }),
    );
    http.post(
      '/apps/:app_id/users/by/:alias_label/:alias_id/merge',
      {
        config: { access: 'app' },
        schema: {
          summary: 'Merge another user into this one',
          params: byAlias,
          body: mergeUserBody,
          response: { 200: mergeUserAnswer },
        },
      },
      (request) =>
        users.merge(request.appId, addressOf(request), request.body.from, sourceOf(request.principal)),
    );
  };
}
