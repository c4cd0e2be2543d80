import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import type { Journey } from './definition/definition.ts';
import { JourneyStore } from './definition/journey-store.ts';
import type { PageStart } from './definition/journey-store.ts';
import { changeJourney } from './definition/change-journey.ts';
import { parseJourney } from './definition/parse-journey.ts';

export interface JourneysOptions {
  readonly database: Database;
  readonly clock: Clock;
}

/** Journeys as they are written and read by people. What they do to users is the worker's. */
export class Journeys {
  readonly #store: JourneyStore;
  readonly #clock: Clock;

  constructor({ database, clock }: JourneysOptions) {
    this.#store = new JourneyStore(database);
    this.#clock = clock;
  }

  /** Always a draft. Throws ApiError `request-invalid`. */
  create(appId: string, body: Readonly<Record<string, unknown>>): Promise<Journey> {
    return this.#store.insert(appId, newId(), parseJourney(body), this.#clock.now());
  }

  /** Throws ApiError `journey-not-found`. */
  async get(appId: string, id: string): Promise<Journey> {
    const journey = await this.#store.find(appId, id);
    if (journey === undefined) throw new ApiError('journey-not-found');
    return journey;
  }

  /** A page, newest first, and whether there are more. */
  async list(
    appId: string,
    start: PageStart | null,
    limit: number,
  ): Promise<{ journeys: Journey[]; hasMore: boolean }> {
    const journeys = await this.#store.page(appId, start, limit + 1);
    return { journeys: journeys.slice(0, limit), hasMore: journeys.length > limit };
  }

  /** Throws ApiError as `changeJourney` does, and `journey-changed` when somebody else was quicker. */
  async update(appId: string, id: string, patch: Readonly<Record<string, unknown>>): Promise<Journey> {
    const seen = await this.get(appId, id);
    const changed = await this.#store.update(seen, changeJourney(seen, patch), this.#clock.now());
    if (changed === undefined) throw new ApiError('journey-changed');
    return changed;
  }

  /** Users inside stop where they are when their time comes. Throws ApiError `journey-not-found`. */
  async remove(appId: string, id: string): Promise<void> {
    if (!(await this.#store.remove(appId, id))) throw new ApiError('journey-not-found');
  }
}
