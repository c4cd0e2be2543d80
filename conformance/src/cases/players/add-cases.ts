import { inEveryVoice, onEveryDevice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { player } from '../models.ts';
import { addPlayer } from './add-player.ts';

/** Creating players, and changing them by their identifiers. */
export const addCases: readonly Case[] = [
  inEveryVoice(
    ['addDevice', 'viewDevice'],
    'adds a player, and shows it with every documented field',
    async (caller) => {
      const identifier = caller.newId().replaceAll('-', '').repeat(2);
      const externalId = caller.newName('player');
      const id = await addPlayer(caller, {
        device_type: 0,
        identifier,
        language: 'en',
        timezone: -28_800,
        game_version: '1.0',
        device_model: 'iPhone12,1',
        device_os: '13.6.1',
        sdk: '021502',
        test_type: 1,
        tags: { a: '1', foo: 'bar', number: 7 },
        external_user_id: externalId,
        ad_id: 'A1B2',
        a_key_nobody_knows: 1,
      });
      expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, {
        ...player,
        id,
        identifier,
        device_type: 0,
        timezone: -28_800,
        game_version: '1.0',
        device_model: 'iPhone12,1',
        device_os: '13.6.1',
        sdk: '021502',
        test_type: 1,
        tags: exactly({ a: '1', foo: 'bar', number: '7' }),
        session_count: 1,
        invalid_identifier: false,
        external_user_id: externalId,
      });
      const owner = await caller.call('GET', `/apps/${caller.app}/subscriptions/${id}/user/identity`);
      expectAnswer(owner, 200, { identity: exactly({ onesignal_id: uuid, external_id: externalId }) });
    },
  ),
  inEveryVoice(
    ['addDevice', 'viewDevice'],
    'adds email addresses and numbers, and changes the player of an identifier that is there',
    async (caller) => {
      const externalId = caller.newName('player');
      const email = caller.newEmail();
      const addresses = [
        { device_type: 11, identifier: email },
        { device_type: 14, identifier: caller.newPhone() },
      ];
      for (const address of addresses) {
        const id = await addPlayer(caller, { ...address, external_user_id: externalId });
        const again = await addPlayer(caller, { ...address, tags: { again: 'yes' } });
        if (again !== id) throw new Error(`${address.identifier} got a second player`);
        expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, {
          ...player,
          ...address,
          external_user_id: externalId,
          tags: exactly({ again: 'yes' }),
        });
      }
    },
  ),
  onEveryDevice(
    ['addDevice'],
    'finds the subscription of a web worker that has lost its memory, and does not turn it off',
    async ({ device, server }) => {
      const identifier = `https://push.example.com/wpush/v2/${server.newId()}`;
      const created = await device.call('POST', 'users', {
        identity: {},
        subscriptions: [{ type: 'FirefoxPush', token: identifier, enabled: true, notification_types: 1 }],
        properties: {},
        refresh_device_metadata: true,
      });
      const id = textAt(created, 'subscriptions.0.id');
      const lookup = { app_id: server.app, device_type: 8, identifier, notification_types: -20 };
      expectAnswer(await device.call('POST', '/players', lookup), 200, { id });
      expectAnswer(await server.call('GET', `/players/${id}?app_id=${server.app}`), 200, {
        invalid_identifier: false,
        notification_types: 1,
      });
    },
  ),
];
