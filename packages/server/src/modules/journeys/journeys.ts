import type { AuditAction } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { recordChange, recordUpdate, SYSTEM } from '../accounts/index.ts';
import type { Author, Change } from '../accounts/index.ts';
import type { Journey } from './definition/definition.ts';
import { JourneyStore } from './definition/journey-store.ts';
import type { PageStart } from './definition/journey-store.ts';
import { changeJourney, isSame } from './definition/change-journey.ts';
import { checkSchedule } from './definition/check-schedule.ts';
import { parseJourney } from './definition/parse/parse-journey.ts';
import { insertVersion } from './definition/version-store.ts';
import { presentJourney } from './present/present-journey.ts';

export interface JourneysOptions {
  readonly database: Database;
  readonly clock: Clock;
}

/** Journeys as they are written and read by people. What they do to users is the worker's. */
export class Journeys {
  readonly #database: Database;
  readonly #store: JourneyStore;
  readonly #clock: Clock;

  constructor({ database, clock }: JourneysOptions) {
    this.#database = database;
    this.#store = new JourneyStore(database);
    this.#clock = clock;
  }

  /** Always a draft. Throws ApiError `request-invalid`. */
  async create(
    appId: string,
    body: Readonly<Record<string, unknown>>,
    author: Author = SYSTEM,
  ): Promise<Journey> {
    const draft = parseJourney(body);
    const now = this.#clock.now();
    checkSchedule({ state: 'draft', schedule: null }, draft.schedule, now);
    return this.#database.transaction(async (transaction) => {
      const journey = await new JourneyStore(transaction).insert(appId, newId(), draft, now);
      await recordChange(transaction, now, author, changeOf('journey.created', journey));
      return journey;
    });
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
  async update(
    appId: string,
    id: string,
    patch: Readonly<Record<string, unknown>>,
    author: Author = SYSTEM,
  ): Promise<Journey> {
    const seen = await this.get(appId, id);
    const now = this.#clock.now();
    const fields = changeJourney(seen, patch, now);
    if (isSame(fields, seen)) return seen;
    return this.#database.transaction(async (transaction) => {
      const changed = await new JourneyStore(transaction).update(seen, fields, now);
      if (changed === undefined) throw new ApiError('journey-changed');
      if (changed.version !== seen.version) await insertVersion(transaction, changed, now);
      await recordUpdate(transaction, now, author, {
        ...changeOf('journey.updated', changed),
        before: fieldsOf(seen),
        after: fieldsOf(changed),
      });
      return changed;
    });
  }

  /** Users inside stop where they are when their time comes. Throws ApiError `journey-not-found`. */
  async remove(appId: string, id: string, author: Author = SYSTEM): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const removed = await new JourneyStore(transaction).remove(appId, id);
      if (removed === undefined) throw new ApiError('journey-not-found');
      await recordChange(transaction, this.#clock.now(), author, changeOf('journey.deleted', removed));
    });
  }
}

function changeOf(action: AuditAction, { appId, id, name }: Pick<Journey, 'appId' | 'id' | 'name'>): Change {
  return { action, appId, target: { type: 'journey', id, name } };
}

/** As requests name them. */
function fieldsOf(journey: Journey): Readonly<Record<string, unknown>> {
  const {
    name,
    description,
    state,
    audience,
    early_exit,
    reentry_rules,
    schedule,
    goal,
    hold_out_percent,
    nodes,
  } = presentJourney(journey);
  const settings = { audience, early_exit, reentry_rules, schedule, goal, hold_out_percent };
  return { name, description, state, ...settings, nodes };
}
