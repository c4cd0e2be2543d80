import { onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly } from '../../wire/checks.ts';
import { expectAnswer, expectError } from '../../wire/expect-answer.ts';
import { newUser } from '../new-user.ts';
import { openFirst, userPath } from './first-open.ts';

export const userDataCases: readonly Case[] = [
  onEveryDevice(
    ['updateUser', 'getUser'],
    'sets tags, takes the whole map again, and removes a tag with ""',
    async ({ device }) => {
      const { userId } = await openFirst(device);
      const steps = [
        { tags: { a: '1', b: '2' }, left: { a: '1', b: '2' } },
        // The web SDK sends all it knows, whatever has changed.
        { tags: { a: '9', b: '2', z: '3' }, left: { a: '9', b: '2', z: '3' } },
        { tags: { a: '', nobody: '' }, left: { b: '2', z: '3' } },
      ];
      for (const { tags, left } of steps) {
        const body = { properties: { tags, language: 'fr' }, refresh_device_metadata: false };
        const answer = await device.call('PATCH', userPath(userId), body);
        expectAnswer(answer, 202, { properties: { tags: exactly(tags), language: 'fr' } });
        expectAnswer(await device.call('GET', userPath(userId)), 200, {
          properties: { tags: exactly(left), language: 'fr' },
        });
      }
    },
  ),
  onEveryDevice(
    ['updateUser'],
    'takes what SDKs know of a person beside tags, also what is not kept',
    async ({ device }) => {
      const { userId } = await openFirst(device);
      const answer = await device.call('PATCH', userPath(userId), {
        properties: { ip: '192.0.2.7', timezone_id: 'America/New_York', country: 'US', lat: 40.7, long: -74 },
        refresh_device_metadata: false,
      });
      expectAnswer(answer, 202, {});
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        properties: { timezone_id: 'America/New_York', country: 'US', lat: 40.7, long: -74 },
      });
    },
  ),
  onEveryDevice(
    ['createAlias', 'deleteAlias', 'getAliases'],
    'adds, changes and removes aliases',
    async ({ device, server }) => {
      const { userId } = await openFirst(device);
      const path = `${userPath(userId)}/identity`;
      const [first, second] = [server.newName('crm'), server.newName('crm')];
      for (const crm of [first, second]) {
        expectAnswer(await device.call('PATCH', path, { identity: { crm } }), 200, {
          identity: exactly({ onesignal_id: userId, crm }),
        });
      }
      expectAnswer(await device.call('DELETE', `${path}/crm`), 200, {
        identity: exactly({ onesignal_id: userId }),
      });
      // SDKs take it for done.
      expectAnswer(await device.call('DELETE', `${path}/crm`), 404, { errors: [{ title: /./ }] });
      expectAnswer(await device.call('GET', path), 200, { identity: exactly({ onesignal_id: userId }) });
    },
  ),
  onEveryDevice(
    ['createAlias'],
    'leaves an alias with the user who has it: 409 user-2',
    async ({ device, server }) => {
      const known = await newUser(server);
      const card = server.newName('card');
      await server.call('PATCH', `${known.path}/identity`, { identity: { card } });
      const { userId } = await openFirst(device);
      const answer = await device.call('PATCH', `${userPath(userId)}/identity`, { identity: { card } });
      expectError(answer, 409, {
        code: 'user-2',
        title: 'One or more Aliases claimed by another User',
        meta: { card, conflicting_aliases: { card } },
      });
    },
  ),
  onEveryDevice(
    ['updateUser', 'getUser'],
    'adds what was bought, with amounts as text and as numbers',
    async ({ device }) => {
      const { userId } = await openFirst(device);
      const bought = [
        { amount_spent: '1.99', purchases: [{ sku: 'coins', iso: 'EUR', amount: '1.99' }] },
        { amount_spent: 3.01, purchases: [{ sku: 'sword', iso: 'EUR', amount: 3.01, count: 1 }] },
      ];
      for (const deltas of bought) {
        expectAnswer(
          await device.tellSession(userId, { ...deltas, session_count: 0, session_time: 5 }),
          202,
          {},
        );
      }
      expectAnswer(await device.call('GET', userPath(userId)), 200, {
        properties: {
          amount_spent: 5,
          purchases: [
            { sku: 'coins', iso: 'EUR', amount: '1.99', count: 1 },
            { sku: 'sword', iso: 'EUR', amount: '3.01', count: 1 },
          ],
        },
      });
    },
  ),
  onEveryDevice(
    ['createCustomEvents', 'createCustomEventsOldPath', 'createCustomEventsOldIos'],
    'takes a custom event of a device with its payload, also on the paths of older SDKs',
    async ({ device }) => {
      const { userId } = await openFirst(device);
      const event = {
        name: 'purchase',
        onesignal_id: userId,
        timestamp: new Date().toISOString(),
        payload: {
          sku: 'x',
          n: 2,
          os_sdk: { sdk: '160608', device_model: 'Linux x86_64', device_os: '156', type: 'ChromePush' },
        },
      };
      for (const path of ['custom_events', 'integrations/custom_events', 'integrations/sdk/custom_events']) {
        expectAnswer(await device.call('POST', path, { events: [event] }), 202, exactly({}));
      }
    },
  ),
  onEveryDevice(
    ['createCustomEvents'],
    'takes no events without a key about somebody whose onesignal_id is not named',
    async ({ device, server }) => {
      const { externalId } = await newUser(server);
      const events = [{ name: 'purchase', external_id: externalId, payload: {} }];
      expectAnswer(await device.call('POST', 'custom_events', { events }), 401);
    },
  ),
];
