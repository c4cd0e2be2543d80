import type { JourneySimulation, JourneySimulationBody } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Expression } from '../../audience/index.ts';
import type { Identity } from '../../identity/index.ts';
import { changeJourney } from '../definition/change-journey.ts';
import type { Journey } from '../definition/definition.ts';
import { JourneyIndex } from '../run/journey-index.ts';
import type { LiveJourney } from '../run/journey-index.ts';
import { assumptionsOf } from './assumptions.ts';
import { findNamed } from './find-named.ts';
import { presentPerson } from './present-person.ts';
import { presentTotals } from './present-totals.ts';
import { parseQuestion } from './question.ts';
import type { PastSources } from './read-past.ts';
import { simulatePeople } from './simulate-people.ts';
import { isWorthTelling } from './simulated-person.ts';
import type { SimulatedPerson } from './simulated-person.ts';
import { compileSegments } from './standing.ts';
import { Tally } from './tally.ts';
import { TextWriter } from './text-writer.ts';
import type { ShowTexts } from './text-writer.ts';

/** At once in a process: each takes a part of its time. */
const MOST_AT_ONCE = 2;

export interface SimulationsOptions extends PastSources {
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'resolveAliases' | 'users'>;
  /** Throws ApiError `journey-not-found`. */
  readonly journeyOf: (appId: string, id: string) => Promise<Journey>;
  /** What segments of an app mean now. */
  readonly segmentsOf: (appId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, Expression>>;
  readonly showTexts: ShowTexts;
}

/** Tells what a journey would have done in the past. Writes nothing. */
export class Simulations {
  readonly #options: SimulationsOptions;
  #running = 0;

  constructor(options: SimulationsOptions) {
    this.#options = options;
  }

  /**
   * Throws ApiError `request-invalid`, `journey-not-found`, `user-not-found`, `cursor-invalid`,
   * `journey-simulation-too-large`, `journey-simulation-busy`. Stops when `signal` is aborted.
   */
  async simulate(
    appId: string,
    id: string,
    body: JourneySimulationBody,
    signal: AbortSignal,
  ): Promise<JourneySimulation> {
    if (this.#running >= MOST_AT_ONCE) {
      throw new ApiError('journey-simulation-busy', { params: { limit: MOST_AT_ONCE }, retryAfter: 5 });
    }
    this.#running += 1;
    try {
      return await this.#simulate(appId, id, body, signal);
    } finally {
      this.#running -= 1;
    }
  }

  async #simulate(
    appId: string,
    id: string,
    body: JourneySimulationBody,
    signal: AbortSignal,
  ): Promise<JourneySimulation> {
    const { clock, identity, segmentsOf, journeyOf, showTexts } = this.#options;
    const now = clock.now();
    const journey = await journeyOf(appId, id);
    const { cursor, limit: _, ...rest } = body;
    const list = ['simulation', appId, id, journey.revision, rest];
    const place = cursor === undefined ? null : decodeCursor(list, cursor, ['integer', 'uuid', 'integer']);
    // A period up to now ends where it did for the first page.
    const question = parseQuestion(body, place?.[2] ?? now);
    const { from, to, limit } = question;
    const live = liveOf(journey, body.changes, now);
    const named = body.users === undefined ? null : await findNamed(identity, appId, body.users);

    const { segmentIds } = live.compiled;
    const meanings = await segmentsOf(appId, [...segmentIds]);
    const segments = compileSegments(meanings);
    const rehearsal = {
      index: new JourneyIndex([{ ...live.journey, earlier: [] }]),
      live,
      segments,
      from,
      to,
    };
    const tally = new Tally();
    const shown: SimulatedPerson[] = [];
    const after = place === null ? null : { lane: place[0], userId: place[1] };
    const asked = { rehearsal, question, named, after, meanings, signal };
    for await (const person of simulatePeople(this.#options, asked)) {
      tally.add(person.simulated, person.past, person.realSends);
      if (shown.length <= limit && (named !== null || isWorthTelling(person))) shown.push(person);
      // Behind the first page only its people are asked for.
      if (after !== null && shown.length > limit) break;
    }
    const people = shown.slice(0, limit);
    const texts = new TextWriter(question.withTexts ? showTexts : null, live.journey);
    const last = people.at(-1);
    return {
      journey_id: id,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      totals: after === null ? presentTotals(tally, live.compiled) : null,
      people: await presentAll(people, live, texts),
      has_more: shown.length > limit,
      ...(shown.length > limit &&
        last && { next_cursor: encodeCursor(list, [last.lane, last.known.userId, to]) }),
      assumptions: assumptionsOf(live.compiled, question),
    };
  }
}

/** The journey as it would be, live. */
function liveOf(journey: Journey, changes: JourneySimulationBody['changes'], now: number): LiveJourney {
  const definition =
    changes === undefined ? journey.definition : changeJourney(journey, changes, now).definition;
  const index = new JourneyIndex([
    { ...journey, definition, state: 'active', awaitsSegments: false, earlier: [] },
  ]);
  return index.get(journey.id) as LiveJourney;
}

async function presentAll(people: readonly SimulatedPerson[], live: LiveJourney, texts: TextWriter) {
  const shown: JourneySimulation['people'] = [];
  // One after the other: so the first messages are those whose texts are shown.
  for (const person of people) shown.push(await presentPerson(person, live.compiled, texts));
  return shown;
}
