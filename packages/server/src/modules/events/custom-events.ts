import type { CustomEventInput } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Partitions } from '../../platform/database/partitions.ts';
import type { Identity } from '../identity/index.ts';
import { parseCustomEvent } from './custom-event.ts';
import type { CustomEvent, EventFault } from './custom-event.ts';
import { forgetEventKeys, storeEvents } from './event-store.ts';
import type { EventRow } from './event-store.ts';

/** How long an idempotency key is remembered, at least, in milliseconds. */
const KEY_AGE_MS = 4 * 3_600_000;
/** Most requests whose events are stored together. */
const LARGEST = 64;

export interface CustomEventsOptions {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly identity: Pick<Identity, 'resolveAliases'>;
  readonly hints: Pick<Hints, 'give'>;
  readonly clock: Clock;
}

/** Takes custom events in. */
export class CustomEvents {
  readonly #options: CustomEventsOptions;
  readonly #store: Coalescer<readonly EventRow[], void>;

  constructor(options: CustomEventsOptions) {
    this.#options = options;
    this.#store = new Coalescer<readonly EventRow[], void>({
      inFlight: 2,
      largest: LARGEST,
      // Two events with one key cannot share a statement: the second waits, and is then found known.
      conflicts: (rows) => [
        ...new Set(rows.flatMap(({ app_id, key }) => (key === null ? [] : `${app_id} ${key}`))),
      ],
      flush: async (batch) => {
        await this.#flush(batch.flat());
        return batch.map(() => undefined);
      },
    });
  }

  /**
   * Stores the events of one request, in their order, and returns those that were not taken. An event
   * whose idempotency key is known counts as taken.
   */
  async take(appId: string, inputs: readonly CustomEventInput[]): Promise<EventFault[]> {
    const now = this.#options.clock.now();
    const faults: EventFault[] = [];
    const events: CustomEvent[] = [];
    for (const input of inputs) {
      const parsed = parseCustomEvent(input, now);
      if (parsed.ok) events.push(parsed.event);
      else faults.push(parsed.fault);
    }
    const rows = await this.#locate(appId, events, faults);
    if (rows.length > 0) await this.#store.submit(rows);
    return faults;
  }

  /** Forgets idempotency keys that are old enough. For the daily upkeep; returns how many. */
  forgetKeys(): Promise<number> {
    return forgetEventKeys(this.#options.database, this.#options.clock.now() - KEY_AGE_MS);
  }

  /** Finds the users, and adds a fault for each event of an unknown one. */
  async #locate(appId: string, events: readonly CustomEvent[], faults: EventFault[]): Promise<EventRow[]> {
    const { identity } = this.#options;
    const labels = ['external_id', 'onesignal_id'] as const;
    const [byExternal, byOurs] = await Promise.all(
      labels.map((label) => {
        const values = events.flatMap(({ subject }) => (subject.label === label ? [subject.value] : []));
        return identity.resolveAliases(appId, label, [...new Set(values)]);
      }),
    );
    const keys = new Set<string>();
    return events.flatMap(({ id, key, subject, name, properties, at }) => {
      const user = (subject.label === 'external_id' ? byExternal : byOurs)?.get(subject.value);
      if (user === undefined) {
        const title = `failed to find a onesignal_id for user_id ${subject.value}`;
        faults.push({ id, subject: subject.value, code: 'not found', title });
        return [];
      }
      if (key !== null && keys.size === keys.add(key).size) return [];
      return {
        lane: user.lane,
        app_id: appId,
        user_id: user.userId,
        id,
        key,
        name,
        properties,
        at: new Date(at).toISOString(),
      };
    });
  }

  async #flush(rows: readonly EventRow[]): Promise<void> {
    const { database, partitions, hints, clock } = this.#options;
    const now = clock.now();
    await partitions.need(now);
    const { isTold } = await storeEvents(database, rows, now);
    hints.give('inbox');
    if (isTold) hints.give('feed');
  }
}
