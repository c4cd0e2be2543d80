import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import type { Device } from '../../devices/device.ts';
import { exactly, holding } from '../../wire/checks.ts';
import { expectAnswer, expectError } from '../../wire/expect-answer.ts';
import { subscription, user } from '../models.ts';
import { newUser } from '../new-user.ts';
import type { NewUser } from '../new-user.ts';
import { PROPERTIES, openFirst, userPath } from './first-open.ts';
import type { OpenedDevice } from './first-open.ts';

export const loginCases: readonly Case[] = [
  onEveryDevice(
    ['createAlias', 'transferSubscription', 'getUser'],
    'logs a device into a new external_id in place: same onesignal_id, tags kept',
    async ({ device, server }) => {
      const { userId, subscriptionId } = await openFirst(device);
      await tag(device, userId, { cart: '3' });
      const external_id = server.newName('login');
      const identity = exactly({ onesignal_id: userId, external_id });
      const named = await device.call('PATCH', `${userPath(userId)}/identity`, { identity: { external_id } });
      expectAnswer(named, 200, { identity });
      // What the web SDK sends next: the subscription is there already.
      const owner = { identity: { onesignal_id: userId } };
      for (let time = 0; time < 2; time += 1) {
        const moved = await device.call('PATCH', `subscriptions/${subscriptionId}/owner`, owner);
        expectAnswer(moved, 200, { identity });
      }
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        identity,
        properties: { tags: exactly({ cart: '3' }) },
        subscriptions: [{ id: subscriptionId }],
      });
    },
  ),
  onEveryDevice(
    ['createAlias', 'createUser', 'getUser'],
    'logs a device into a known external_id: 409 user-2, then POST with the id of its subscription',
    async ({ device, server }) => {
      const known = await newUser(server);
      const opened = await openToConflict(device, known);
      const answer = await device.call('POST', 'users', {
        identity: { external_id: known.externalId },
        subscriptions: [{ id: opened.subscriptionId }],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(answer, [200, 202], {
        ...user,
        identity: exactly({ onesignal_id: known.id, external_id: known.externalId }),
        subscriptions: [{ id: opened.subscriptionId }],
      });
      await expectMoved(device, opened, known);
    },
  ),
  onEveryDevice(
    ['createAlias', 'transferSubscription', 'getUser'],
    'logs a device into a known external_id: 409 user-2, then PATCH of the owner',
    async ({ device, server }) => {
      const known = await newUser(server);
      const opened = await openToConflict(device, known);
      const owner = { identity: { external_id: known.externalId } };
      const answer = await device.call('PATCH', `subscriptions/${opened.subscriptionId}/owner`, owner);
      expectAnswer(answer, 200, {
        identity: exactly({ onesignal_id: known.id, external_id: known.externalId }),
      });
      await expectMoved(device, opened, known);
    },
  ),
  onEveryDevice(
    ['createUser', 'getUser'],
    'logs a device from one user into another, and moves only its push subscription',
    async ({ device, server }) => {
      const [first, second] = [await newUser(server), await newUser(server)];
      const { subscriptionId } = await openFirst(device);
      for (const external_id of [first.externalId, second.externalId]) {
        const answer = await device.call('POST', 'users', {
          identity: { external_id },
          subscriptions: [{ id: subscriptionId }],
          properties: PROPERTIES,
          refresh_device_metadata: true,
        });
        expectAnswer(answer, [200, 202], { subscriptions: [{ id: subscriptionId }] });
      }
      expectAnswer(await device.call('GET', userPath(first.id)), 200, {
        identity: { external_id: first.externalId },
        properties: { tags: exactly({ first: 'yes' }) },
        subscriptions: [{ id: first.subscriptionId, type: 'Email' }],
      });
      expectAnswer(await device.call('GET', userPath(second.id)), 200, {
        identity: { external_id: second.externalId },
        subscriptions: holding({ id: subscriptionId }),
      });
    },
  ),
  onEveryDevice(
    ['createUser'],
    'logs a device in before it has a user: one POST with its external_id',
    async ({ device, server }) => {
      const external_id = server.newName('straight');
      const token = device.voice.newToken();
      const answer = await device.call('POST', 'users', {
        identity: { external_id },
        subscriptions: [device.voice.push(token)],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(answer, [200, 201], {
        ...user,
        identity: { external_id },
        subscriptions: [{ ...subscription, token }],
      });
    },
  ),
  onEveryDevice(
    ['getAliasesBySubscription'],
    'tells whose a subscription is, as phones ask after an update of the SDK',
    async ({ device, server }) => {
      const { userId, subscriptionId } = await openFirst(device);
      const path = `subscriptions/${subscriptionId}/user/identity`;
      expectAnswer(await device.call('GET', path), 200, {
        identity: exactly({ onesignal_id: userId }),
      });
      const external_id = server.newName('migrated');
      await device.call('PATCH', `${userPath(userId)}/identity`, { identity: { external_id } });
      expectAnswer(await device.call('GET', path), 200, {
        identity: exactly({ onesignal_id: userId, external_id }),
      });
    },
  ),
];

async function tag(device: Device, userId: string, tags: Record<string, string>): Promise<void> {
  const body = { properties: { tags }, refresh_device_metadata: false };
  expectAnswer(await device.call('PATCH', userPath(userId), body), 202, { properties: { tags } });
}

/** A device with a tagged anonymous user asks for a name that `known` has. */
async function openToConflict(device: Device, known: NewUser): Promise<OpenedDevice> {
  const opened = await openFirst(device);
  await tag(device, opened.userId, { cart: '3' });
  const { externalId: external_id } = known;
  const answer = await device.call('PATCH', `${userPath(opened.userId)}/identity`, {
    identity: { external_id },
  });
  expectError(answer, 409, {
    code: 'user-2',
    title: 'One or more Aliases claimed by another User',
    meta: { external_id, conflicting_aliases: { external_id } },
  });
  return opened;
}

/** The subscription is with the known user, whose tags count; nothing of the anonymous one is left. */
async function expectMoved(device: Device, opened: OpenedDevice, known: NewUser): Promise<void> {
  expectAnswer(await device.call('GET', userPath(known.id)), 200, {
    ...user,
    identity: exactly({ onesignal_id: known.id, external_id: known.externalId }),
    properties: { tags: exactly({ first: 'yes' }) },
    subscriptions: holding({
      ...subscription,
      id: opened.subscriptionId,
      type: device.voice.pushType,
      token: opened.token,
    }),
  });
  expectAnswer(await device.call('GET', userPath(opened.userId)), 404, { errors: [{ title: /./ }] });
}
