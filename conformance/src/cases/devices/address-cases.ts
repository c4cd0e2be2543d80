import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, holding, without } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { subscription } from '../models.ts';
import { newUser } from '../new-user.ts';
import { openFirst, userPath } from './first-open.ts';

export const addressCases: readonly Case[] = [
  onEveryDevice(
    ['createSubscription', 'deleteSubscription', 'getUser'],
    'adds an email address and a number, and removes them by the ids of their subscriptions',
    async ({ device, server }) => {
      const { userId } = await openFirst(device);
      const addresses = { Email: server.newEmail('device'), SMS: server.newPhone() };
      for (const [type, token] of Object.entries(addresses) as ['Email' | 'SMS', string][]) {
        const body = { subscription: device.voice.address(type, token) };
        const added = await device.call('POST', `${userPath(userId)}/subscriptions`, body);
        // Android takes the subscription for one that is there already when the answer has no id.
        expectAnswer(added, 201, {
          subscription: { ...subscription, type, token, enabled: true, notification_types: 1 },
        });
        const id = textAt(added, 'subscription.id');
        expectAnswer(await device.call('GET', userPath(userId)), 200, {
          subscriptions: holding({ id, type, token }),
        });
        expectAnswer(await device.call('DELETE', `subscriptions/${id}`), 202, exactly({}));
        expectAnswer(await device.call('GET', userPath(userId)), 200, { subscriptions: without({ id }) });
      }
    },
  ),
  onEveryDevice(
    ['createSubscription'],
    'answers with the subscription that the user has already',
    async ({ device, server }) => {
      const { userId } = await openFirst(device);
      const body = { subscription: device.voice.address('Email', server.newEmail('twice')) };
      const path = `${userPath(userId)}/subscriptions`;
      const first = await device.call('POST', path, body);
      expectAnswer(first, 201, { subscription });
      expectAnswer(await device.call('POST', path, body), 202, {
        subscription: { ...subscription, id: textAt(first, 'subscription.id') },
      });
    },
  ),
  onEveryDevice(
    ['createSubscription', 'getUser'],
    'takes an address over from the user who had it',
    async ({ device, server }) => {
      const known = await newUser(server);
      const { userId } = await openFirst(device);
      const body = { subscription: device.voice.address('Email', known.email) };
      const answer = await device.call('POST', `${userPath(userId)}/subscriptions`, body);
      expectAnswer(answer, 202, { subscription: { ...subscription, id: known.subscriptionId } });
      expectAnswer(await device.call('GET', userPath(known.id)), 200, { subscriptions: [] });
    },
  ),
];
