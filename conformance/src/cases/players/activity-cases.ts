import { inEveryVoice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';
import { player } from '../models.ts';
import { addPlayer, SUCCESS } from './add-player.ts';

/** Sessions and purchases. */
export const activityCases: readonly Case[] = [
  inEveryVoice(
    ['newSession', 'viewDevice'],
    'counts a session, and takes what has changed with it',
    async (caller) => {
      const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
      const body = { app_id: caller.app, language: 'es', timezone: -28_800, game_version: '1.0' };
      expectAnswer(await caller.call('POST', `/players/${id}/on_session`, body), 200, { success: true });
      expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, {
        session_count: 2,
        language: 'es',
        timezone: -28_800,
        game_version: '1.0',
      });
    },
  ),
  inEveryVoice(
    ['newSession'],
    'makes a player of a session when the id is not there and the body says which platform',
    async (caller) => {
      const identifier = caller.newName('fcm');
      const body = { app_id: caller.app, device_type: 1, identifier };
      const answer = await caller.call('POST', `/players/${caller.newId()}/on_session`, body);
      expectAnswer(answer, 200, { success: true, id: uuid });
      const at = `/players/${textAt(answer, 'id')}?app_id=${caller.app}`;
      expectAnswer(await caller.call('GET', at), 200, { ...player, identifier, session_count: 1 });
    },
  ),
  inEveryVoice(['newPurchase', 'viewDevice'], 'adds purchases to what was spent', async (caller) => {
    const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
    const path = `/players/${id}/on_purchase`;
    const bodies = [
      { purchases: [{ sku: 'SKU123', iso: 'USD', amount: 0.99 }] },
      // Android writes amounts as text.
      { purchases: [{ sku: 'SKU123', iso: 'USD', amount: '4.01' }], existing: true },
    ];
    for (const body of bodies) {
      expectAnswer(await caller.call('POST', path, { app_id: caller.app, ...body }), 200, SUCCESS);
    }
    expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, { amount_spent: 5 });
  }),
  inEveryVoice(['sessionLength', 'viewDevice'], 'adds the time of a session', async (caller) => {
    const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
    const path = `/players/${id}/on_focus`;
    const bodies = [
      { state: 'ping', active_time: 60, device_type: 1 },
      // iOS clears its badge so.
      { badgeCount: 0 },
    ];
    for (const body of bodies) {
      expectAnswer(await caller.call('POST', path, { app_id: caller.app, ...body }), 200, SUCCESS);
    }
    expectAnswer(await caller.call('GET', `/players/${id}?app_id=${caller.app}`), 200, {
      playtime: 60,
      session_count: 1,
    });
  }),
];
