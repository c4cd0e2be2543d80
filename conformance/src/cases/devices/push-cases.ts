import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import type { Device } from '../../devices/device.ts';
import type { PushState } from '../../devices/device-voice.ts';
import { expectAnswer } from '../../wire/expect-answer.ts';
import type { Pattern } from '../../wire/pattern.ts';
import { subscription, user } from '../models.ts';
import { PROPERTIES, openFirst, userPath } from './first-open.ts';
import type { OpenedDevice } from './first-open.ts';

export const pushCases: readonly Case[] = [
  onEveryDevice(
    ['updateSubscription', 'getUser'],
    'opts a device out with -2 and in again with 1',
    async ({ device }) => {
      const opened = await openFirst(device);
      await change(device, opened, { enabled: false, notification_types: -2 });
      await expectPush(device, opened, { enabled: false, notification_types: -2, token: opened.token });
      await change(device, opened, { enabled: true, notification_types: 1 });
      await expectPush(device, opened, { enabled: true, token: opened.token });
    },
  ),
  onEveryDevice(['updateSubscription', 'getUser'], 'gives a device its new token', async ({ device }) => {
    const opened = await openFirst(device);
    const token = device.voice.newToken();
    await change(device, opened, { token, enabled: true, notification_types: 1 });
    await expectPush(device, opened, { token, enabled: true });
    // The same again, as SDKs do when they are not sure.
    await change(device, opened, { token, enabled: true, notification_types: 1 });
    await expectPush(device, opened, { token, enabled: true });
  }),
  onEveryDevice(
    ['updateSubscription', 'createUser'],
    'keeps the subscription of an app that was removed, and gives a new install one of its own',
    async ({ device }) => {
      const opened = await openFirst(device);
      await change(device, opened, { enabled: false, notification_types: -10 });
      await expectPush(device, opened, { enabled: false, notification_types: -10 });
      const again = await openFirst(device);
      if (again.subscriptionId === opened.subscriptionId) throw new Error('the new install got the old id');
    },
  ),
  onEveryDevice(
    ['updateSubscription', 'getUser'],
    'leaves a healthy subscription as it is when a device could not get its token for the moment',
    async ({ device }) => {
      const opened = await openFirst(device);
      // Of FCM and of Huawei: the SDK tries again by itself.
      for (const notification_types of [-8, -9, -11, -12, -25, -27, -29]) {
        await change(device, opened, { enabled: false, notification_types });
        await expectPush(device, opened, { enabled: true, token: opened.token });
      }
    },
  ),
  onEveryDevice(
    ['createUser', 'getUser'],
    'takes a new token that comes with the id of the subscription when somebody logs in',
    async ({ device, server }) => {
      const opened = await openFirst(device);
      const token = device.voice.newToken();
      const answer = await device.call('POST', 'users', {
        identity: { external_id: server.newName('refreshed') },
        subscriptions: [{ id: opened.subscriptionId, ...device.voice.push(token) }],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(answer, [200, 201], {
        subscriptions: [{ ...subscription, id: opened.subscriptionId, token, enabled: true }],
      });
    },
  ),
  onEveryDevice(
    ['createUser'],
    'knows the token of a device that has lost its memory: same subscription, new user',
    async ({ device }) => {
      const opened = await openFirst(device);
      device.subscriptionId = null;
      const answer = await device.call('POST', 'users', {
        identity: {},
        subscriptions: [device.voice.push(opened.token)],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(answer, [200, 201], {
        ...user,
        subscriptions: [{ ...subscription, id: opened.subscriptionId, token: opened.token }],
      });
    },
  ),
];

async function change(
  device: Device,
  { subscriptionId, token }: OpenedDevice,
  state: Omit<PushState, 'token'> & { readonly token?: string },
): Promise<void> {
  const body = { subscription: device.voice.pushChange({ token, ...state }) };
  expectAnswer(await device.call('PATCH', `subscriptions/${subscriptionId}`, body), 200, {});
}

async function expectPush(
  device: Device,
  { userId, subscriptionId }: OpenedDevice,
  state: { readonly [member: string]: Pattern },
): Promise<void> {
  expectAnswer(await device.call('GET', userPath(userId)), 200, {
    subscriptions: [{ ...subscription, id: subscriptionId, type: device.voice.pushType, ...state }],
  });
}
