import { ApiError } from '../../../platform/http/api-error.ts';
import { LANES } from '../../../platform/ids.ts';
import type { Expression } from '../../audience/index.ts';
import type { NamedUser } from './find-named.ts';
import { readPastUsers } from './past-store.ts';
import type { PartOfPast } from './past-store.ts';
import type { Question } from './question.ts';
import { readPasts } from './read-past.ts';
import type { PastSources } from './read-past.ts';
import type { Rehearsal } from './rehearsal.ts';
import { simulateUser } from './simulate-user.ts';
import type { SimulatedPerson } from './simulated-person.ts';

/** Users whose past is in memory at once. */
const PAGE = 200;
/** Users in one answer. */
const MOST_USERS = 100_000;

export interface PeopleAsked {
  readonly rehearsal: Rehearsal;
  readonly question: Question;
  /** Null for all. */
  readonly named: readonly NamedUser[] | null;
  /** Behind whom it goes on; null from the beginning. */
  readonly after: { readonly lane: number; readonly userId: string } | null;
  /** Of the segments that the journey names. */
  readonly meanings: ReadonlyMap<string, Expression>;
  readonly signal: AbortSignal;
}

/**
 * Everybody who is looked at, in the order of lanes and ids, with what comes of the journey. Throws ApiError
 * `journey-simulation-too-large`, and when `signal` is aborted.
 */
export async function* simulatePeople(
  sources: PastSources,
  asked: PeopleAsked,
): AsyncGenerator<SimulatedPerson> {
  const { rehearsal, question, named, after: place, meanings, signal } = asked;
  const { journey, compiled } = rehearsal.live;
  const { audience } = journey.definition;
  const name = audience.kind === 'event_trigger' ? audience.name : null;
  const lanes = named === null ? Math.ceil((LANES * question.samplePercent) / 100) : LANES;
  let looked = 0;
  for (let lane = place?.lane ?? 0; lane < lanes; lane += 1) {
    const part: PartOfPast = { ...question, lane, appId: journey.appId };
    let after = lane === place?.lane ? place.userId : null;
    for (;;) {
      signal.throwIfAborted();
      const users =
        named === null
          ? await readPastUsers(sources.database, part, name, after, PAGE)
          : named.filter((user) => user.lane === lane && (after === null || user.userId > after));
      looked += users.length;
      if (looked > MOST_USERS) {
        throw new ApiError('journey-simulation-too-large', {
          params: { found: `more than ${MOST_USERS} users` },
        });
      }
      const of = { journeyId: journey.id, compiled };
      const pasts = users.length === 0 ? [] : await readPasts(sources, part, of, meanings, users);
      for (const one of pasts) yield { ...one, lane, simulated: simulateUser(rehearsal, one.past) };
      after = users.at(-1)?.userId ?? null;
      if (named !== null || users.length < PAGE) break;
    }
  }
}
