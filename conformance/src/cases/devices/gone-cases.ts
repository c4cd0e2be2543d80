import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { expectAnswer } from '../../wire/expect-answer.ts';
import { newUser } from '../new-user.ts';
import { PROPERTIES, openFirst, userPath } from './first-open.ts';

const GONE = { errors: [{ title: /./ }] };

export const goneCases: readonly Case[] = [
  onEveryDevice(
    ['getUser', 'updateUser', 'createAlias', 'createSubscription', 'createUser'],
    'answers 404 about a user who is gone, and lets the device make it anew',
    async ({ device, server }) => {
      const known = await newUser(server);
      const { subscriptionId, token } = await openFirst(device);
      await device.call('PATCH', `subscriptions/${subscriptionId}/owner`, {
        identity: { external_id: known.externalId },
      });
      await server.call('DELETE', known.path);
      const path = userPath(known.id);
      const { voice } = device;
      const email = { subscription: voice.address('Email', server.newEmail('late')) };
      const state = { token, enabled: true, notification_types: 1 };
      const answers = [
        await device.call('GET', path),
        await device.call('PATCH', path, {
          properties: { tags: { a: '1' } },
          refresh_device_metadata: false,
        }),
        await device.tellSession(known.id, { session_count: 1 }),
        await device.call('PATCH', `${path}/identity`, { identity: { crm: server.newName('crm') } }),
        await device.call('POST', `${path}/subscriptions`, email),
        await device.call('PATCH', `subscriptions/${subscriptionId}`, {
          subscription: voice.pushChange(state),
        }),
        await device.call('GET', `subscriptions/${subscriptionId}/user/identity`),
      ];
      for (const answer of answers) expectAnswer(answer, 404, GONE);

      device.subscriptionId = null;
      const rebuilt = await device.call('POST', 'users', {
        identity: { external_id: known.externalId },
        subscriptions: [voice.push(token)],
        properties: PROPERTIES,
        refresh_device_metadata: true,
      });
      expectAnswer(rebuilt, [200, 201], {
        identity: { external_id: known.externalId },
        subscriptions: [{ token }],
      });
    },
  ),
  onEveryDevice(
    ['transferSubscription', 'deleteSubscription', 'deleteAlias'],
    'answers 404 about a subscription that is gone, and about a user to log into who is not there',
    async ({ device, server }) => {
      const { userId, subscriptionId } = await openFirst(device);
      const nobody = { identity: { external_id: server.newName('nobody') } };
      const to = { identity: { onesignal_id: userId } };
      const unknown = server.newId();
      const answers = [
        await device.call('PATCH', `subscriptions/${subscriptionId}/owner`, nobody),
        await device.call('PATCH', `subscriptions/${unknown}/owner`, to),
        await device.call('DELETE', `subscriptions/${unknown}`),
        await device.call('DELETE', `${userPath(unknown)}/identity/crm`),
      ];
      for (const answer of answers) expectAnswer(answer, 404, GONE);
      // The push subscription is still where it was.
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        subscriptions: [{ id: subscriptionId }],
      });
    },
  ),
];
