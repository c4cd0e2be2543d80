import type { Notes } from './history.ts';
import { readPerson } from './person.ts';
import type { Call } from './person.ts';

/** How often a request is sent again after no answer, before the run counts as stuck. */
export const MOST_TRIES = 400;

/** Reads a person, from whoever answers, and notes what there is. */
export async function look(call: Call, { person, events }: Notes): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const answer = await call('GET', `users/by/external_id/${person}`);
    if (answer === null) continue;
    if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    events.push({ kind: 'seen', seen: answer.status === 404 ? null : readPerson(answer.body) });
    return;
  }
  throw new Error(`${MOST_TRIES} times no answer`);
}
