import { once, withOrganization } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly, holding, uuid } from '../wire/checks.ts';
import type { Caller } from '../wire/caller.ts';
import { expectAnswer, textAt } from '../wire/expect-answer.ts';
import { subscription, user } from './models.ts';
import { VerifyingApp } from './verifying-app.ts';

const UNAUTHORIZED = {
  errors: [{ code: 'auth-1', title: "This operation requires 'Authorization' in the HTTP header" }],
};

/** What mobile SDKs do in an app that verifies identities: no anonymous user, and external_id in every path. */
export const identityVerificationCases: readonly Case[] = [
  withOrganization(
    once(
      ['createUser', 'getUser'],
      'logs a device in with an identity token, and shows the user by external_id',
      async (caller) => {
        const app = await VerifyingApp.create(caller);
        const { externalId, id, subscriptionId } = await logIn(app, caller);
        const path = `/users/by/external_id/${externalId}`;
        expectAnswer(await app.callAsDevice('GET', path, app.token(externalId)), 200, {
          ...user,
          identity: exactly({ onesignal_id: id, external_id: externalId }),
          subscriptions: [{ ...subscription, id: subscriptionId }],
        });
      },
    ),
  ),
  withOrganization(
    once(['createUser'], 'moves a device to the next user with the token of that user', async (caller) => {
      const app = await VerifyingApp.create(caller);
      const first = await logIn(app, caller);
      const next = await logIn(app, caller);
      const answer = await app.callAsDevice('POST', '/users', app.token(next.externalId), {
        identity: { external_id: next.externalId },
        subscriptions: [{ id: first.subscriptionId }],
        properties: {},
        refresh_device_metadata: true,
      });
      expectAnswer(answer, 202, {
        identity: { onesignal_id: next.id },
        subscriptions: [{ id: first.subscriptionId }],
      });
    }),
  ),
  withOrganization(
    once(
      ['updateUser', 'createAlias', 'deleteAlias'],
      'takes tags and aliases of a user with its identity token',
      async (caller) => {
        const app = await VerifyingApp.create(caller);
        const { externalId } = await logIn(app, caller);
        const path = `/users/by/external_id/${externalId}`;
        const token = app.token(externalId);
        const tags = { seen: 'yes' };
        expectAnswer(await app.callAsDevice('PATCH', path, token, { properties: { tags } }), 202, {
          properties: { tags },
        });
        const identity = { forum: caller.newName('forum') };
        const given = await app.callAsDevice('PATCH', `${path}/identity`, token, { identity });
        expectAnswer(given, 200, { identity });
        expectAnswer(await app.callAsDevice('DELETE', `${path}/identity/forum`, token), 200, {
          identity: { external_id: externalId },
        });
      },
    ),
  ),
  withOrganization(
    once(
      ['createSubscription', 'deleteSubscription'],
      'adds an email that the identity token says, refuses another one, and removes it',
      async (caller) => {
        const app = await VerifyingApp.create(caller);
        const { externalId } = await logIn(app, caller);
        const path = `/users/by/external_id/${externalId}/subscriptions`;
        const address = { type: 'Email', token: caller.newEmail() } as const;
        const body = { subscription: { ...address, enabled: true } };
        expectAnswer(await app.callAsDevice('POST', path, app.token(externalId), body), [401, 403], {
          errors: [{ title: /./ }],
        });
        const token = app.token(externalId, [address]);
        const added = await app.callAsDevice('POST', path, token, body);
        expectAnswer(added, [201, 202], { subscription: { ...subscription, id: uuid } });
        const own = `/subscriptions/${textAt(added, 'subscription.id')}`;
        expectAnswer(await app.callAsDevice('DELETE', own, token), 202, exactly({}));
      },
    ),
  ),
  withOrganization(
    once(['updateSubscription'], 'logs a device out by switching its subscription off', async (caller) => {
      const app = await VerifyingApp.create(caller);
      const { externalId, subscriptionId } = await logIn(app, caller);
      const off = { subscription: { type: 'AndroidPush', enabled: false, notification_types: -2 } };
      const token = app.token(externalId);
      const path = `/subscriptions/${subscriptionId}`;
      expectAnswer(await app.callAsDevice('PATCH', path, token, off), 200, {});
      const seen = await app.callAsDevice('GET', `/users/by/external_id/${externalId}`, token);
      expectAnswer(seen, 200, { subscriptions: holding({ id: subscriptionId, enabled: false }) });
    }),
  ),
  withOrganization(
    once(['createCustomEvents'], 'takes custom events of a user with its identity token', async (caller) => {
      const app = await VerifyingApp.create(caller);
      const { externalId, id } = await logIn(app, caller);
      const event = { name: 'order', external_id: externalId, onesignal_id: id, payload: { total: 5 } };
      const token = app.token(externalId);
      const answer = await app.callAsDevice('POST', '/custom_events', token, { events: [event] });
      expectAnswer(answer, 202, exactly({}));
    }),
  ),
  withOrganization(
    once(
      ['updateUser', 'createUser'],
      'answers 401 without a good token, so that the device asks for another one, and takes the same then',
      async (caller) => {
        const app = await VerifyingApp.create(caller);
        const { externalId } = await logIn(app, caller);
        const path = `/users/by/external_id/${externalId}`;
        const body = { properties: { tags: { late: 'yes' } } };
        const outdated = app.token(externalId, undefined, -600);
        for (const token of [null, outdated, `${app.token(externalId).slice(0, -4)}AAAA`]) {
          expectAnswer(await app.callAsDevice('PATCH', path, token, body), 401, UNAUTHORIZED);
        }
        expectAnswer(await app.callAsDevice('POST', '/users', null, { identity: {} }), 401, UNAUTHORIZED);
        expectAnswer(await app.callAsDevice('PATCH', path, app.token(externalId), body), 202, body);
      },
    ),
  ),
  withOrganization(
    once(['createUser', 'deleteUser'], "takes a server's key where devices need tokens", async (caller) => {
      const app = await VerifyingApp.create(caller);
      const identity = { external_id: caller.newName('user') };
      const made = await caller.callWith(app.key, 'POST', `${app.path}/users`, { identity });
      expectAnswer(made, [200, 201], { identity });
      const path = `${app.path}/users/by/external_id/${identity.external_id}`;
      expectAnswer(await caller.callWith(app.key, 'DELETE', path), 202, { identity: { onesignal_id: uuid } });
    }),
  ),
];

/** The first start of an app whose user has logged in already: one POST with the token of that user. */
async function logIn(app: VerifyingApp, caller: Caller) {
  const externalId = caller.newName('verified');
  const answer = await app.callAsDevice('POST', '/users', app.token(externalId), {
    identity: { external_id: externalId },
    properties: { language: 'en', timezone_id: 'Europe/Berlin' },
    subscriptions: [
      { type: 'AndroidPush', token: caller.newName('fcm'), enabled: true, notification_types: 1 },
    ],
    refresh_device_metadata: true,
  });
  expectAnswer(answer, [200, 201], {
    identity: { onesignal_id: uuid, external_id: externalId },
    subscriptions: [subscription],
  });
  return {
    externalId,
    id: textAt(answer, 'identity.onesignal_id'),
    subscriptionId: textAt(answer, 'subscriptions.0.id'),
  };
}
