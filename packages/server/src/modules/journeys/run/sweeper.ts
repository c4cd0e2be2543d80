import type { Queryable } from '../../../platform/database/database.ts';
import type { OwnedLanes } from '../../lanes/index.ts';
import type { JourneyIndex } from './journey-index.ts';
import { readRunsAt, readRunsOfJourneys } from './run-store.ts';
import type { StoredRun } from './run-store.ts';
import { eraseEntriesOf, readJourneysWithEntries, readJourneysWithRuns, unpark } from './sweep-store.ts';

export interface Swept {
  /** Runs whose journey has ended, or whose node was removed. */
  readonly runs: readonly StoredRun[];
  /** There is more to do before the lanes are as the journeys say. */
  readonly more: boolean;
}

const NOTHING: Swept = { runs: [], more: false };

/**
 * Brings what is stored in line with journeys that were changed: runs of those that have ended stop, runs whose node
 * was removed go on, runs that were parked while a journey was paused are due again. Looks once after each
 * change of any journey, and once after lanes have changed hands; otherwise it costs nothing.
 */
export class Sweeper {
  readonly #database: Queryable;
  readonly #done = new WeakMap<OwnedLanes, number>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  async sweep(
    owned: OwnedLanes,
    { version }: { readonly version: number },
    index: JourneyIndex,
    limit: number,
  ): Promise<Swept> {
    if (this.#done.get(owned) === version) return NOTHING;
    const unparked = await this.#unpark(owned, index, limit);
    const runs = [
      ...(await this.#runsOfEnded(owned, index, limit)),
      ...(await this.#runsOfRemoved(owned, index, limit)),
    ];
    const erased = await this.#eraseEntries(owned, index, limit);
    const more = unparked + runs.length + erased > 0;
    if (!more) this.#done.set(owned, version);
    return { runs, more };
  }

  async #unpark(owned: OwnedLanes, index: JourneyIndex, limit: number): Promise<number> {
    const moving = [...index.all].flatMap(({ moves, journey }) => (moves ? [journey.id] : []));
    return moving.length === 0 ? 0 : unpark(this.#database, owned, moving, limit);
  }

  async #runsOfEnded(owned: OwnedLanes, index: JourneyIndex, limit: number): Promise<StoredRun[]> {
    const ended = (await readJourneysWithRuns(this.#database)).filter((id) => index.get(id) === undefined);
    return ended.length === 0 ? [] : readRunsOfJourneys(this.#database, owned, ended, limit);
  }

  async #runsOfRemoved(owned: OwnedLanes, index: JourneyIndex, limit: number): Promise<StoredRun[]> {
    const runs: StoredRun[] = [];
    for (const { journey, compiled, moves } of index.all) {
      const removed = Object.keys(journey.definition.forwards).map(Number);
      const gone = removed.filter((key) => !compiled.places.has(key));
      // While it is paused they keep their place.
      if (gone.length === 0 || !moves || runs.length >= limit) continue;
      runs.push(...(await readRunsAt(this.#database, owned, journey.id, gone, limit)));
    }
    return runs;
  }

  async #eraseEntries(owned: OwnedLanes, index: JourneyIndex, limit: number): Promise<number> {
    const ended = (await readJourneysWithEntries(this.#database)).filter((id) => index.get(id) === undefined);
    return ended.length === 0 ? 0 : eraseEntriesOf(this.#database, owned, ended, limit);
  }
}
