import type { Queryable } from '../../../platform/database/database.ts';
import type { Logger } from '../../../platform/log.ts';
import type { EventRow } from '../event-store.ts';
import { addTallies } from './name-store.ts';
import type { NameTally } from './name-store.ts';

/** So long what was counted stays in memory, in milliseconds. */
const EVERY_MS = 1_000;
/** More names than that are added at once: devices may send any. */
const MOST_NAMES = 5_000;

interface Counted {
  appId: string;
  name: string;
  count: number;
  firstAt: number;
  lastAt: number;
  sources: Set<string>;
  last: EventRow;
}

/**
 * Counts the events that this process takes in by their names, and adds that to the catalogue from time to time. A write
 * for each batch would make all of them wait for the rows of the few names that there are.
 */
export class NameTallies {
  readonly #database: Queryable;
  readonly #log: Pick<Logger, 'warn'>;
  #counted = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;
  #adding: Promise<void> = Promise.resolve();

  constructor(database: Queryable, log: Pick<Logger, 'warn'>) {
    this.#database = database;
    this.#log = log;
  }

  /** `at`: when they were taken in, in milliseconds. */
  note(rows: readonly EventRow[], at: number): void {
    for (const row of rows) {
      const key = `${row.app_id} ${row.name}`;
      const counted = this.#counted.get(key);
      if (counted === undefined) {
        const { app_id: appId, name, source } = row;
        const sources = new Set([source]);
        this.#counted.set(key, { appId, name, count: 1, firstAt: at, lastAt: at, sources, last: row });
      } else {
        counted.count += 1;
        counted.firstAt = Math.min(counted.firstAt, at);
        counted.sources.add(row.source);
        if (at >= counted.lastAt) {
          counted.lastAt = at;
          counted.last = row;
        }
      }
    }
    if (this.#counted.size >= MOST_NAMES) void this.add();
    else this.#timer ??= setTimeout(() => void this.add(), EVERY_MS).unref();
  }

  /** Resolves when all that was noted before is in the catalogue, or could not be written. */
  add(): Promise<void> {
    this.#adding = this.#adding.then(() => this.#add());
    return this.#adding;
  }

  async #add(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tallies = [...this.#counted.values()].map(tallyOf);
    this.#counted = new Map();
    try {
      await addTallies(this.#database, tallies);
    } catch (error) {
      this.#log.warn({ err: error, names: tallies.length }, 'events were taken in, and are not counted');
    }
  }
}

function tallyOf({ sources, last, ...counted }: Counted): NameTally {
  return {
    ...counted,
    sources: [...sources].toSorted(),
    properties: last.properties,
    userId: last.user_id,
  };
}
