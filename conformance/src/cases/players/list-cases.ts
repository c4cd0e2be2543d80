import { inEveryVoice } from '../../case.ts';
import type { Case } from '../../case.ts';
import { each, integer } from '../../wire/checks.ts';
import { expectAnswer, expectSentence, textAt } from '../../wire/expect-answer.ts';
import { player } from '../models.ts';
import { addPlayer, SUCCESS, UNKNOWN } from './add-player.ts';

/** The list, and the end of a player. */
export const listCases: readonly Case[] = [
  inEveryVoice(
    ['viewDevices'],
    'lists players with limit and offset, 300 where nothing else is asked',
    async (caller) => {
      await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
      const all = await caller.call('GET', `/players?app_id=${caller.app}`);
      expectAnswer(all, 200, { total_count: integer, offset: 0, limit: 300, players: each(player) });
      const page = await caller.call('GET', `/players?app_id=${caller.app}&limit=1&offset=0`);
      expectAnswer(page, 200, { offset: 0, limit: 1, players: [{ id: textAt(all, 'players.0.id') }] });
    },
  ),
  inEveryVoice(['deleteDevice'], 'deletes a player, then answers 404 with success false', async (caller) => {
    const id = await addPlayer(caller, { device_type: 1, identifier: caller.newName('fcm') });
    const path = `/players/${id}?app_id=${caller.app}`;
    expectAnswer(await caller.call('DELETE', path), 200, SUCCESS);
    expectAnswer(await caller.call('DELETE', path), 404, { success: false });
    expectSentence(await caller.call('GET', path), 400, UNKNOWN);
  }),
];
