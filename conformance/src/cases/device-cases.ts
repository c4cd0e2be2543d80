import { once } from '../case.ts';
import type { Case } from '../case.ts';
import { exactly, uuid } from '../wire/checks.ts';
import type { Caller } from '../wire/caller.ts';
import { expectAnswer, expectError, textAt } from '../wire/expect-answer.ts';
import { subscription, user } from './models.ts';
import { newUser } from './new-user.ts';

/** What device SDKs do knowing nothing but the app's id. */
export const deviceCases: readonly Case[] = [
  once(
    ['createUser', 'getUser'],
    'gives a device an anonymous user, and shows it by its onesignal_id',
    async (caller) => {
      const { id, subscriptionId } = await newDevice(caller);
      expectAnswer(await caller.callAsDevice('GET', `/apps/${caller.app}/users/by/onesignal_id/${id}`), 200, {
        ...user,
        identity: exactly({ onesignal_id: id }),
        subscriptions: [{ ...subscription, id: subscriptionId, type: 'AndroidPush' }],
      });
    },
  ),
  once(
    ['createAlias'],
    'makes an anonymous user known in place when the external_id is new',
    async (caller) => {
      const { id } = await newDevice(caller);
      const externalId = caller.newName('login');
      const path = `/apps/${caller.app}/users/by/onesignal_id/${id}/identity`;
      const answer = await caller.callAsDevice('PATCH', path, { identity: { external_id: externalId } });
      expectAnswer(answer, 200, { identity: { onesignal_id: id, external_id: externalId } });
    },
  ),
  once(
    ['createAlias', 'createUser'],
    'logs a device into a known user: 409 user-2, then POST moves the subscription',
    async (caller) => {
      const known = await newUser(caller);
      const device = await newDevice(caller);
      const identity = { external_id: known.externalId };
      const path = `/apps/${caller.app}/users/by/onesignal_id/${device.id}/identity`;
      expectError(await caller.callAsDevice('PATCH', path, { identity }), 409, {
        code: 'user-2',
        meta: { external_id: known.externalId },
      });
      const answer = await caller.callAsDevice('POST', `/apps/${caller.app}/users`, {
        identity,
        subscriptions: [{ id: device.subscriptionId }],
        properties: { timezone_id: 'America/New_York' },
        refresh_device_metadata: true,
      });
      expectAnswer(answer, 202, { ...user, identity: { onesignal_id: known.id } });
      const owner = await caller.callAsDevice(
        'GET',
        `/apps/${caller.app}/subscriptions/${device.subscriptionId}/user/identity`,
      );
      expectAnswer(owner, 200, { identity: { onesignal_id: known.id } });
    },
  ),
  once(
    ['transferSubscription'],
    'logs a browser into a known user by the owner of its subscription',
    async (caller) => {
      const known = await newUser(caller);
      const { subscriptionId } = await newDevice(caller);
      const path = `/apps/${caller.app}/subscriptions/${subscriptionId}/owner`;
      const answer = await caller.callAsDevice('PATCH', path, {
        identity: { external_id: known.externalId },
      });
      expectAnswer(answer, 200, { identity: { onesignal_id: known.id } });
    },
  ),
  once(['createUser'], 'logs a device out onto a fresh anonymous user', async (caller) => {
    const { id, subscriptionId } = await newDevice(caller);
    const answer = await caller.callAsDevice('POST', `/apps/${caller.app}/users`, {
      identity: {},
      subscriptions: [{ id: subscriptionId }],
      properties: {},
    });
    expectAnswer(answer, [200, 201], { identity: { onesignal_id: uuid } });
    if (textAt(answer, 'identity.onesignal_id') === id) throw new Error('the device kept its user');
  }),
  once(
    ['updateSubscription', 'deleteSubscription', 'createSubscription'],
    'changes, adds and removes subscriptions of a device',
    async (caller) => {
      const { id, subscriptionId } = await newDevice(caller);
      const own = `/apps/${caller.app}/subscriptions/${subscriptionId}`;
      const change = {
        subscription: { type: 'AndroidPush', enabled: false, notification_types: -18, sdk: '050909' },
      };
      expectAnswer(await caller.callAsDevice('PATCH', own, change), 200, {});
      const add = { subscription: { type: 'Email', token: caller.newEmail(), enabled: true } };
      const path = `/apps/${caller.app}/users/by/onesignal_id/${id}/subscriptions`;
      const added = await caller.callAsDevice('POST', path, add);
      // Android takes the subscription for one that is there already when the answer has no id.
      expectAnswer(added, [201, 202], { subscription: { ...subscription, id: uuid } });
      expectAnswer(await caller.callAsDevice('DELETE', own), 202, exactly({}));
    },
  ),
  once(['updateUser'], 'takes properties, tags and session deltas of a device', async (caller) => {
    const { id, subscriptionId } = await newDevice(caller);
    const path = `/apps/${caller.app}/users/by/onesignal_id/${id}`;
    const answer = await caller.callAsDevice('PATCH', path, {
      properties: { tags: { seen: 'yes' }, language: 'de' },
      refresh_device_metadata: false,
      deltas: { session_time: 31, session_count: 1 },
      'onesignal-subscription-id': subscriptionId,
    });
    expectAnswer(answer, 202, { properties: { tags: { seen: 'yes' } } });
  }),
  once(
    ['getUser', 'updateUser'],
    'answers 404 for a user that is gone: the device makes it again',
    async (caller) => {
      const path = `/apps/${caller.app}/users/by/onesignal_id/${caller.newId()}`;
      expectAnswer(await caller.callAsDevice('GET', path), 404, { errors: [{ title: /./ }] });
      expectAnswer(await caller.callAsDevice('PATCH', path, { properties: {} }), 404, {
        errors: [{ title: /./ }],
      });
    },
  ),
];

async function newDevice(caller: Caller): Promise<{ id: string; subscriptionId: string }> {
  const answer = await caller.callAsDevice('POST', `/apps/${caller.app}/users`, {
    identity: {},
    properties: { language: 'en', timezone_id: 'Europe/Berlin', country: 'DE' },
    subscriptions: [
      {
        type: 'AndroidPush',
        token: caller.newName('fcm'),
        enabled: true,
        notification_types: 1,
        sdk: '050909',
        device_model: 'Pixel 9',
        device_os: '16',
        rooted: false,
        net_type: 0,
        carrier: '',
        app_version: '42',
      },
    ],
    refresh_device_metadata: true,
  });
  expectAnswer(answer, [200, 201], { identity: { onesignal_id: uuid }, subscriptions: [subscription] });
  return {
    id: textAt(answer, 'identity.onesignal_id'),
    subscriptionId: textAt(answer, 'subscriptions.0.id'),
  };
}
