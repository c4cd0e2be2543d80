import { inEveryVoice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { exactly, holding } from '../../wire/checks.ts';
import { expectAnswer, expectSentence } from '../../wire/expect-answer.ts';
import { newUser } from '../new-user.ts';
import { addPlayer, SUCCESS } from './add-player.ts';

/** Changing players that are there. */
export const changeCases: readonly Case[] = [
  inEveryVoice(
    ['editDevice', 'viewDevice'],
    'changes a player, removes tags set to "" or null, and turns it off and on',
    async (caller) => {
      const id = await addPlayer(caller, {
        device_type: 1,
        identifier: caller.newName('fcm'),
        tags: { a: '1', b: '2', c: '3' },
      });
      const change = { app_id: caller.app, tags: { a: '', b: null, d: 4 }, device_model: 'Pixel 9' };
      expectAnswer(await caller.call('PUT', `/players/${id}`, change), 200, SUCCESS);
      const at = `/players/${id}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', at), 200, {
        tags: exactly({ c: '3', d: '4' }),
        device_model: 'Pixel 9',
      });
      for (const [notification_types, invalid_identifier] of [
        [-2, true],
        [1, false],
      ] as const) {
        const body = { app_id: caller.app, notification_types };
        expectAnswer(await caller.call('PUT', `/players/${id}`, body), 200, SUCCESS);
        expectAnswer(await caller.call('GET', at), 200, { notification_types, invalid_identifier });
      }
    },
  ),
  inEveryVoice(['editDevice'], 'puts a player under the user whom external_user_id names', async (caller) => {
    const known = await newUser(caller);
    const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
    const body = { app_id: caller.app, external_user_id: known.externalId };
    expectAnswer(await caller.call('PUT', `/players/${id}`, body), 200, SUCCESS);
    expectAnswer(await caller.call('GET', known.path), 200, { subscriptions: holding({ id }) });
  }),
  inEveryVoice(
    ['editTagsByExternalUserId'],
    'changes tags by external_user_id, percent-encoded',
    async (caller) => {
      const externalId = `/${caller.newName('or')} c+A=`;
      const id = await addPlayer(caller, {
        device_type: 1,
        identifier: caller.newName('fcm'),
        external_user_id: externalId,
        tags: { rank: '1' },
      });
      const path = `/apps/${caller.app}/users/${encodeURIComponent(externalId)}`;
      const body = { app_id: caller.app, tags: { rank: '', class: 'new' } };
      expectAnswer(await caller.call('PUT', path, body), 200, SUCCESS);
      expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, {
        tags: exactly({ class: 'new' }),
      });
    },
  ),
  inEveryVoice(
    ['editTagsByExternalUserId', 'editDevice', 'addDevice'],
    'takes at most 100 tags a request',
    async (caller) => {
      const { externalId, subscriptionId } = await newUser(caller);
      const tags = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`tag_${n}`, 'x']));
      const body = { app_id: caller.app, tags };
      const answers = [
        await caller.call('PUT', `/apps/${caller.app}/users/${externalId}`, body),
        await caller.call('PUT', `/players/${subscriptionId}`, body),
        await caller.call('POST', '/players', {
          ...body,
          device_type: 1,
          identifier: caller.newName('fcm'),
        }),
      ];
      for (const answer of answers) {
        expectSentence(answer, 400, 'Please limit your tag updates to 100 per request');
      }
    },
  ),
];
