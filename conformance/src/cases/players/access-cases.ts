import { inEveryVoice, once } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../../wire/expect-answer.ts';
import { player } from '../models.ts';
import { newUser } from '../new-user.ts';
import { addPlayer, SUCCESS, UNKNOWN } from './add-player.ts';

/** Who may call, and what is said of players who are not there. */
export const accessCases: readonly Case[] = [
  inEveryVoice(
    ['viewDevice', 'editDevice', 'newSession', 'addDevice'],
    'answers 400 in the words that old SDKs look for, and then make their player anew',
    async (caller) => {
      const { app } = caller;
      const unknown = caller.newId();
      expectSentence(await caller.call('GET', `/players/${unknown}?app_id=${app}`), 400, UNKNOWN);
      expectSentence(await caller.call('GET', `/players/a?app_id=${app}`), 400, UNKNOWN);
      const edit = await caller.call('PUT', `/players/${unknown}`, { app_id: app, tags: { a: '1' } });
      expectSentence(edit, 400, UNKNOWN);
      const session = await caller.call('POST', `/players/${unknown}/on_session`, { app_id: app });
      expectSentence(session, 400, /not a valid device_type/);
      const add = await caller.call('POST', '/players', { app_id: app, device_type: 99 });
      expectSentence(add, 400, /^Device type 99 is not a valid device_type\. Valid options are: 0 = iOS/);
    },
  ),
  once(
    ['addDevice', 'editDevice', 'viewDevice', 'editTagsByExternalUserId', 'newSession'],
    'opens players to devices without a key',
    async (caller) => {
      const { app } = caller;
      const externalId = caller.newName('keyless');
      const body = { app_id: app, device_type: 1, identifier: caller.newName('fcm') };
      const added = await caller.callWithoutKey('POST', '/players', {
        ...body,
        external_user_id: externalId,
      });
      expectAnswer(added, 200, { success: true, id: uuid });
      const id = textAt(added, 'id');
      const change = { app_id: app, tags: { a: '1' } };
      expectAnswer(await caller.callWithoutKey('PUT', `/players/${id}`, change), 200, SUCCESS);
      const tags = await caller.callWithoutKey('PUT', `/apps/${app}/users/${externalId}`, {
        tags: { b: '2' },
      });
      expectAnswer(tags, 200, SUCCESS);
      const session = await caller.callWithoutKey('POST', `/players/${id}/on_session`, { app_id: app });
      expectAnswer(session, 200, { success: true });
      expectAnswer(await caller.callWithoutKey('GET', `/players/${id}?app_id=${app}`), 200, {
        ...player,
        tags: exactly({ a: '1', b: '2' }),
      });
    },
  ),
  once(['viewDevices', 'deleteDevice'], 'lists and deletes players for a key only', async (caller) => {
    const { app } = caller;
    const denied = /^Access denied\.  Please include an 'Authorization: \.\.\.' header/;
    const { subscriptionId } = await newUser(caller);
    expectSentence(await caller.callWithoutKey('GET', `/players?app_id=${app}`), 403, denied);
    const one = `/players/${subscriptionId}?app_id=${app}`;
    expectSentence(await caller.callWithoutKey('DELETE', one), 403, denied);
    expectSentence(await caller.callWith('os_v2_app_wrong', 'DELETE', one), 403, denied);
  }),
  once(
    ['editDevice', 'newSession'],
    'takes the app from the key where the request names none, and says when neither does',
    async (caller) => {
      const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
      expectAnswer(await caller.call('PUT', `/players/${id}`, { device_os: '17' }), 200, SUCCESS);
      // Without a body at all.
      expectAnswer(await caller.call('POST', `/players/${id}/on_session`), 200, { success: true });
      const nowhere = await caller.callWithoutKey('PUT', `/players/${id}`, { device_os: '17' });
      expectAnswer(nowhere, 400, { errors: [/^app_id not found/] });
    },
  ),
];
