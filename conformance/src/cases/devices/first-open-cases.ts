import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, unixSeconds, uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { subscription, user } from '../models.ts';
import { PROPERTIES, openFirst, userPath } from './first-open.ts';

export const firstOpenCases: readonly Case[] = [
  onEveryDevice(
    ['createUser', 'getUser'],
    'gives a device an anonymous user, and shows it by its onesignal_id',
    async ({ device }) => {
      const { userId, subscriptionId, token } = await openFirst(device);
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        ...user,
        identity: exactly({ onesignal_id: userId }),
        properties: {
          tags: exactly({}),
          ...PROPERTIES,
          first_active: unixSeconds,
          last_active: unixSeconds,
        },
        subscriptions: [{ ...subscription, id: subscriptionId, type: device.voice.pushType, token }],
      });
    },
  ),
  onEveryDevice(
    ['updateUser', 'getUser'],
    'counts sessions and their time, of the user and of the subscription that the header names',
    async ({ device }) => {
      const { userId, subscriptionId } = await openFirst(device);
      const before = await device.call('GET', userPath(userId));
      const counted = Number(numberAt(before.body, 'session_count'));
      expectAnswer(await device.tellSession(userId, { session_count: 1 }), 202, {});
      expectAnswer(await device.tellSession(userId, { session_time: 13 }), 202, {});
      expectAnswer(await device.tellSession(userId, { session_time: 4 }), 202, {});
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        subscriptions: [{ id: subscriptionId, session_count: counted + 1, session_time: 17 }],
      });
    },
  ),
  onEveryDevice(
    ['createUser', 'updateSubscription'],
    'takes a device that nobody has asked for permission yet, and then its token',
    async ({ device }) => {
      const { voice } = device;
      const created = await device.call('POST', 'users', {
        identity: {},
        subscriptions: [voice.placeholder()],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(created, [200, 201], {
        subscriptions: [{ ...subscription, type: voice.pushType, token: '', enabled: false }],
      });
      const id = textAt(created, 'subscriptions.0.id');
      device.subscriptionId = id;
      const token = voice.newToken();
      const granted = { subscription: voice.pushChange({ token, enabled: true, notification_types: 1 }) };
      expectAnswer(await device.call('PATCH', `subscriptions/${id}`, granted), 200, {});
      expectAnswer(await device.call('GET', userPath(textAt(created, 'identity.onesignal_id'))), 200, {
        subscriptions: [{ ...subscription, id, token, enabled: true, type: voice.pushType }],
      });
    },
  ),
  onEveryDevice(
    ['createUser'],
    'answers with the subscriptions in the order of the request, whoever had them before',
    async ({ device, server }) => {
      const known = server.newEmail('known');
      await server.call('POST', `/apps/${server.app}/users`, {
        identity: { external_id: server.newName('owner') },
        subscriptions: [{ type: 'Email', token: known }],
      });
      const { voice } = device;
      const phone = server.newPhone();
      const [first, second] = [voice.newToken(), server.newEmail('fresh')];
      const answer = await device.call('POST', 'users', {
        identity: { external_id: server.newName('several') },
        subscriptions: [
          voice.address('SMS', phone),
          voice.push(first),
          voice.address('Email', known),
          voice.address('Email', second),
        ],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(answer, [200, 201], {
        subscriptions: [
          { ...subscription, id: uuid, type: 'SMS', token: phone },
          { ...subscription, id: uuid, type: voice.pushType, token: first },
          { ...subscription, id: uuid, type: 'Email', token: known },
          { ...subscription, id: uuid, type: 'Email', token: second },
        ],
      });
    },
  ),
  onEveryDevice(
    ['createUser'],
    'creates a user once when the request comes twice',
    async ({ device, server }) => {
      const token = device.voice.newToken();
      const body = {
        identity: { external_id: server.newName('twice') },
        subscriptions: [device.voice.push(token)],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      };
      const first = await device.call('POST', 'users', body);
      expectAnswer(first, [200, 201], user);
      expectAnswer(await device.call('POST', 'users', body), [200, 202], {
        identity: exactly({
          onesignal_id: textAt(first, 'identity.onesignal_id'),
          external_id: body.identity.external_id,
        }),
        subscriptions: [{ id: textAt(first, 'subscriptions.0.id'), token }],
      });
    },
  ),
];

function numberAt(body: unknown, member: string): unknown {
  return (body as { subscriptions?: Record<string, unknown>[] } | undefined)?.subscriptions?.[0]?.[member];
}
