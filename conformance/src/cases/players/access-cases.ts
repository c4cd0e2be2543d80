import { inEveryVoice, once, withOrganization } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../../wire/expect-answer.ts';
import { player } from '../models.ts';
import { newUser } from '../new-user.ts';
import { VerifyingApp } from '../verifying-app.ts';
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
  withOrganization(
    once(
      ['addDevice', 'viewDevice', 'editDevice', 'newSession', 'editTagsByExternalUserId'],
      'takes a key for players of an app that verifies identities: old clients cannot prove who they are',
      async (caller) => {
        const app = await VerifyingApp.create(caller);
        const app_id = app.path.slice('/apps/'.length);
        const added = await caller.callWith(app.key, 'POST', '/players', {
          app_id,
          device_type: 1,
          identifier: caller.newName('fcm'),
          external_user_id: 'proven',
        });
        expectAnswer(added, 200, { success: true, id: uuid });
        const one = `/players/${textAt(added, 'id')}`;
        const answers = [
          await caller.callWithoutKey('POST', '/players', { app_id, device_type: 1 }),
          await caller.callWithoutKey('GET', `${one}?app_id=${app_id}`),
          await caller.callWithoutKey('PUT', one, { app_id, tags: { a: '1' } }),
          await caller.callWithoutKey('POST', `${one}/on_session`, { app_id }),
          await caller.callWithoutKey('PUT', `${app.path}/users/proven`, { tags: { a: '1' } }),
        ];
        for (const answer of answers) expectAnswer(answer, 401, { errors: [{ code: 'auth-1' }] });
        expectAnswer(await caller.callWith(app.key, 'GET', `${one}?app_id=${app_id}`), 200, {
          tags: exactly({}),
          session_count: 1,
        });
      },
    ),
  ),
];
