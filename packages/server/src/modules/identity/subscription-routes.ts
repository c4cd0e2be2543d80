import {
  addAliasesBody,
  consentInput,
  consentsAnswer,
  identityAnswer,
  identityBody,
  subscriptionAnswer,
  subscriptionBody,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Routes } from '../../platform/http/route.ts';
import { addressOf, bodyFor, subscriptionIdOf } from './caller.ts';
import { sourceOf } from './change-source.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { Users } from './users.ts';

const byAlias = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  alias_label: Type.String(),
  alias_id: Type.String(),
});
const byId = Type.Object({ app_id: Type.String({ format: 'uuid' }), subscription_id: Type.String() });
const byToken = Type.Object({
  app_id: Type.String({ format: 'uuid' }),
  token_type: Type.String(),
  token: Type.String(),
});

/** Subscriptions: https://documentation.onesignal.com/reference/create-subscription and its neighbours. */
export function subscriptionRoutes(subscriptions: Subscriptions, users: Users): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/users/by/:alias_label/:alias_id/subscriptions',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Give a user a subscription, new or taken from someone else',
          params: byAlias,
          body: subscriptionBody,
          response: { 201: subscriptionAnswer, 202: subscriptionAnswer },
        },
      },
      async (request, reply) => {
        const { created, subscription } = await subscriptions.create(
          request.appId,
          addressOf(request),
          request.body.subscription,
          sourceOf(request.principal),
        );
        // The whole object in both cases: a device that gets none forgets the subscription.
        return reply.code(created ? 201 : 202).send({ subscription });
      },
    );
    http.patch(
      '/apps/:app_id/subscriptions/:subscription_id',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Change a subscription',
          params: byId,
          body: subscriptionBody,
          response: { 200: subscriptionAnswer },
        },
      },
      async (request) => ({
        subscription: await subscriptions.update(
          request.appId,
          subscriptionIdOf(request),
          request.body.subscription,
          sourceOf(request.principal),
        ),
      }),
    );
    http.patch(
      '/apps/:app_id/subscriptions_by_token/:token_type/:token',
      {
        config: { access: 'app', rate: 'users' },
        schema: {
          summary: 'Change the subscription that has this token',
          params: byToken,
          body: subscriptionBody,
          response: { 202: subscriptionAnswer },
        },
      },
      async (request, reply) => {
        const { token_type: type, token } = request.params;
        const subscription = await subscriptions.updateByToken(
          request.appId,
          { type, token },
          request.body.subscription,
          sourceOf(request.principal),
        );
        return reply.code(202).send({ subscription });
      },
    );
    http.delete(
      '/apps/:app_id/subscriptions/:subscription_id',
      {
        config: { access: 'public', rate: 'users' },
        schema: { summary: 'Delete a subscription', params: byId, response: { 202: Type.Object({}) } },
      },
      async (request, reply) => {
        await subscriptions.delete(request.appId, subscriptionIdOf(request), sourceOf(request.principal));
        return reply.code(202).send({});
      },
    );
    http.patch(
      '/apps/:app_id/subscriptions/:subscription_id/owner',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Move a subscription to another user',
          params: byId,
          body: identityBody,
          response: { 200: identityAnswer },
        },
      },
      async (request) => ({
        identity: await subscriptions.transfer(
          request.appId,
          subscriptionIdOf(request),
          request.body.identity,
          sourceOf(request.principal),
        ),
      }),
    );
    http.get(
      '/apps/:app_id/subscriptions/:subscription_id/user/identity',
      {
        config: { access: 'public' },
        schema: {
          summary: 'View the aliases of the user that has a subscription',
          params: byId,
          response: { 200: identityAnswer },
        },
      },
      async (request) => {
        const owner = await subscriptions.ownerOf(request.appId, subscriptionIdOf(request));
        return { identity: await users.identity(request.appId, owner) };
      },
    );
    http.patch(
      '/apps/:app_id/subscriptions/:subscription_id/user/identity',
      {
        config: { access: 'public', rate: 'users' },
        schema: {
          summary: 'Add or change aliases of the user that has a subscription',
          params: byId,
          body: addAliasesBody,
          response: { 200: identityAnswer },
        },
      },
      async (request) => {
        const body = bodyFor(request.principal, request.body);
        const owner = await subscriptions.ownerOf(request.appId, subscriptionIdOf(request));
        const source = sourceOf(request.principal);
        return { identity: await users.addAliases(request.appId, owner, body, source) };
      },
    );
    http.get(
      '/apps/:app_id/subscriptions/:subscription_id/consents',
      {
        config: { access: 'app' },
        schema: {
          summary: 'List what was said about being written to at a subscription',
          params: byId,
          response: { 200: consentsAnswer },
        },
      },
      async (request) => ({
        consents: await subscriptions.consents(request.appId, subscriptionIdOf(request)),
      }),
    );
    http.post(
      '/apps/:app_id/subscriptions/:subscription_id/consents',
      {
        config: { access: 'app' },
        schema: {
          summary: 'Record a consent or an objection; the newest decides',
          params: byId,
          body: consentInput,
          response: { 200: subscriptionAnswer },
        },
      },
      async (request) => ({
        subscription: await subscriptions.recordConsent(
          request.appId,
          subscriptionIdOf(request),
          request.body,
          sourceOf(request.principal),
        ),
      }),
    );
  };
}
