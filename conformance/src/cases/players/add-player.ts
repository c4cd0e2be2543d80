import type { Caller } from '../../wire/caller.ts';
import { exactly, uuid } from '../../wire/checks.ts';
import { expectAnswer, textAt } from '../../wire/expect-answer.ts';

/** What most writes answer. */
export const SUCCESS = exactly({ success: true });

/** What is said of a player who is not there. */
export const UNKNOWN = 'No user with this id found';

/** Adds a player, and returns its id. */
export async function addPlayer(caller: Caller, body: object): Promise<string> {
  const answer = await caller.call('POST', '/players', { app_id: caller.app, ...body });
  expectAnswer(answer, 200, exactly({ success: true, id: uuid }));
  return textAt(answer, 'id');
}
