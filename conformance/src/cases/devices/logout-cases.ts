import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { subscription } from '../models.ts';
import { newUser } from '../new-user.ts';
import { PROPERTIES, openFirst, userPath } from './first-open.ts';

export const logoutCases: readonly Case[] = [
  onEveryDevice(
    ['createUser', 'getUser'],
    'logs a device out onto a fresh anonymous user; email and SMS stay where they are',
    async ({ device, server }) => {
      const known = await newUser(server);
      const { subscriptionId } = await openFirst(device);
      await device.call('POST', 'users', {
        identity: { external_id: known.externalId },
        subscriptions: [{ id: subscriptionId }],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      const sms = { subscription: device.voice.address('SMS', server.newPhone()) };
      const added = await device.call('POST', `${userPath(known.id)}/subscriptions`, sms);
      expectAnswer(added, [201, 202], { subscription: { ...subscription, type: 'SMS' } });

      const left = await device.call('POST', 'users', {
        identity: {},
        subscriptions: [{ id: subscriptionId }],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(left, [200, 201], {
        identity: exactly({ onesignal_id: uuid }),
        properties: { tags: exactly({}), ...PROPERTIES },
        subscriptions: [{ ...subscription, id: subscriptionId, type: device.voice.pushType }],
      });
      const fresh = textAt(left, 'identity.onesignal_id');
      if (fresh === known.id) throw new Error('the device kept its user');
      expectAnswer(await device.call('GET', userPath(known.id)), 200, {
        identity: { external_id: known.externalId },
        subscriptions: [
          { id: known.subscriptionId, type: 'Email' },
          { id: textAt(added, 'subscription.id'), type: 'SMS' },
        ],
      });
      expectAnswer(await device.call('GET', userPath(fresh)), 200, {
        identity: exactly({ onesignal_id: fresh }),
        subscriptions: [{ id: subscriptionId }],
      });
    },
  ),
  onEveryDevice(
    ['createUser', 'createAlias'],
    'lets a device log in again as who it was',
    async ({ device, server }) => {
      const { userId, subscriptionId } = await openFirst(device);
      const external_id = server.newName('again');
      await device.call('PATCH', `${userPath(userId)}/identity`, { identity: { external_id } });
      const body = {
        subscriptions: [{ id: subscriptionId }],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      };
      await device.call('POST', 'users', { identity: {}, ...body });
      const answer = await device.call('POST', 'users', { identity: { external_id }, ...body });
      expectAnswer(answer, [200, 202], {
        identity: exactly({ onesignal_id: userId, external_id }),
        subscriptions: [{ id: subscriptionId }],
      });
    },
  ),
];
