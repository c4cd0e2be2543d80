import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { findName, keepFor, namesAfter } from './name-store.ts';
import type { EventName } from './name-store.ts';
import type { NameTallies } from './name-tallies.ts';

/** What uses events of a name. */
export interface EventUser {
  readonly id: string;
  readonly name: string;
}

/** By the name of the event; names that nothing uses are left out. */
export type UsersOfEvents = (
  appId: string,
  names: readonly string[],
) => Promise<ReadonlyMap<string, readonly EventUser[]>>;

export interface EventNamesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly tallies: Pick<NameTallies, 'add'>;
  readonly journeysOf: UsersOfEvents;
  readonly segmentsOf: UsersOfEvents;
}

export interface UsedEventName extends EventName {
  readonly journeys: readonly EventUser[];
  readonly segments: readonly EventUser[];
}

/** The catalogue of the names that an app's events have. */
export class EventNames {
  readonly #options: EventNamesOptions;

  constructor(options: EventNamesOptions) {
    this.#options = options;
  }

  /** In the order of the names, behind `after`. What this process has taken in is counted. */
  async list(
    appId: string,
    place: { readonly after: string; readonly prefix: string },
    limit: number,
  ): Promise<UsedEventName[]> {
    await this.#options.tallies.add();
    return this.#withUse(appId, await namesAfter(this.#options.database, appId, place, limit));
  }

  /** Throws ApiError `event-name-not-found`. */
  async view(appId: string, name: string): Promise<UsedEventName> {
    await this.#options.tallies.add();
    const found = await findName(this.#options.database, appId, name);
    if (found === null) throw new ApiError('event-name-not-found', { params: { name } });
    const [used] = await this.#withUse(appId, [found]);
    if (used === undefined) throw new Error('a name was lost');
    return used;
  }

  /** Older events go with the next upkeep; null keeps them. Throws ApiError `event-name-not-found`. */
  async keepFor(appId: string, name: string, days: number | null, author: Author): Promise<UsedEventName> {
    const { database, clock } = this.#options;
    const before = await this.view(appId, name);
    await database.transaction(async (transaction) => {
      await keepFor(transaction, appId, name, days);
      await recordUpdate(transaction, clock.now(), author, {
        action: 'custom_event.updated',
        appId,
        target: { type: 'custom_event', id: appId, name },
        before: { retention_days: before.retentionDays },
        after: { retention_days: days },
      });
    });
    return this.view(appId, name);
  }

  async #withUse(appId: string, found: readonly EventName[]): Promise<UsedEventName[]> {
    if (found.length === 0) return [];
    const names = found.map(({ name }) => name);
    const { journeysOf, segmentsOf } = this.#options;
    const [journeys, segments] = await Promise.all([journeysOf(appId, names), segmentsOf(appId, names)]);
    return found.map((one) => ({
      ...one,
      journeys: journeys.get(one.name) ?? [],
      segments: segments.get(one.name) ?? [],
    }));
  }
}
