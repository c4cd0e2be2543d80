import type { CustomEventInput } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Partitions } from '../../platform/database/partitions.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { laneOf } from '../../platform/ids.ts';
import { BY_SYSTEM } from '../identity/index.ts';
import type { ChangeSource, Identity, UserPlace } from '../identity/index.ts';
import { parseCustomEvent } from './custom-event.ts';
import type { CustomEvent, EventFault } from './custom-event.ts';
import { forgetEventKeys, storeEvents } from './event-store.ts';
import type { EventRow, EventSource } from './event-store.ts';
import type { NameTallies } from './names/name-tallies.ts';

/** How long an idempotency key is remembered, at least, in milliseconds. */
const KEY_AGE_MS = 4 * 3_600_000;
/** Most requests whose events are stored together. */
const LARGEST = 64;
/** Users who are made together. */
const MADE_AT_A_TIME = 500;

export interface CustomEventsOptions {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly identity: Pick<Identity, 'resolveAliases' | 'upsertUser'>;
  readonly hints: Pick<Hints, 'give'>;
  readonly clock: Clock;
  /** Counts them by name. Nobody does when absent. */
  readonly tallies?: Pick<NameTallies, 'note'>;
  /** What becomes of an event about an external_id that nobody has: it is refused, as when absent, or the user is made. */
  readonly unknownUsersOf?: (appId: string) => Promise<'refuse' | 'create'>;
}

/** Who tells of events. */
export interface EventTeller {
  readonly source: EventSource;
  /** For the history of users who are made by it. */
  readonly by: ChangeSource;
}

const THE_BACKEND: EventTeller = { source: 'api', by: BY_SYSTEM };

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
  async take(
    appId: string,
    inputs: readonly CustomEventInput[],
    teller: EventTeller = THE_BACKEND,
  ): Promise<EventFault[]> {
    const now = this.#options.clock.now();
    const faults: EventFault[] = [];
    const events: CustomEvent[] = [];
    for (const input of inputs) {
      const parsed = parseCustomEvent(input, now);
      if (parsed.ok) events.push(parsed.event);
      else faults.push(parsed.fault);
    }
    const rows = await this.#locate(appId, events, faults, teller);
    if (rows.length > 0) await this.#store.submit(rows);
    return faults;
  }

  /** Forgets idempotency keys that are old enough. For the daily upkeep; returns how many. */
  forgetKeys(): Promise<number> {
    return forgetEventKeys(this.#options.database, this.#options.clock.now() - KEY_AGE_MS);
  }

  /** Finds the users, and adds a fault for each event of an unknown one. */
  async #locate(
    appId: string,
    events: readonly CustomEvent[],
    faults: EventFault[],
    teller: EventTeller,
  ): Promise<EventRow[]> {
    const { identity } = this.#options;
    const labels = ['external_id', 'onesignal_id'] as const;
    const [byExternal, byOurs] = await Promise.all(
      labels.map((label) => {
        const values = events.flatMap(({ subject }) => (subject.label === label ? [subject.value] : []));
        return identity.resolveAliases(appId, label, [...new Set(values)]);
      }),
    );
    const refusals = await this.#makeUnknown(appId, events, byExternal, teller);
    const keys = new Set<string>();
    return events.flatMap(({ id, key, subject, name, properties, at }) => {
      const user = (subject.label === 'external_id' ? byExternal : byOurs)?.get(subject.value);
      if (user === undefined) {
        const refusal = refusals.get(subject.value);
        const title = refusal ?? `failed to find a onesignal_id for user_id ${subject.value}`;
        const code = refusal === undefined ? 'not found' : 'invalid';
        faults.push({ id, subject: subject.value, code, title });
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
        source: teller.source,
      };
    });
  }

  /**
   * Makes the users whom no external_id leads to, where the app wants that, and puts them into `byExternal`. What is wrong
   * with some of the names is returned. A device is believed about a user that there is, and makes none.
   */
  async #makeUnknown(
    appId: string,
    events: readonly CustomEvent[],
    byExternal: Map<string, UserPlace> | undefined,
    { source, by }: EventTeller,
  ): Promise<ReadonlyMap<string, string>> {
    const refusals = new Map<string, string>();
    const unknown = new Set(
      events.flatMap(({ subject: { label, value } }) =>
        label === 'external_id' && byExternal?.has(value) === false ? [value] : [],
      ),
    );
    if (unknown.size === 0 || source !== 'api') return refusals;
    const { unknownUsersOf } = this.#options;
    if (unknownUsersOf === undefined || (await unknownUsersOf(appId)) === 'refuse') return refusals;
    const make = async (value: string) => {
      try {
        const body = { identity: { external_id: value } };
        const { user } = await this.#options.identity.upsertUser(appId, body, { ...by, way: 'events' });
        const userId = user.identity['onesignal_id'] ?? '';
        byExternal?.set(value, { lane: laneOf(userId), userId });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status >= 500) throw error;
        refusals.set(value, error.message);
      }
    };
    const all = [...unknown];
    for (let from = 0; from < all.length; from += MADE_AT_A_TIME) {
      await Promise.all(all.slice(from, from + MADE_AT_A_TIME).map(make));
    }
    return refusals;
  }

  async #flush(rows: readonly EventRow[]): Promise<void> {
    const { database, partitions, hints, clock, tallies } = this.#options;
    const now = clock.now();
    await partitions.need(now);
    const { isTold, known } = await storeEvents(database, rows, now);
    tallies?.note(known.length === 0 ? rows : rows.filter(({ id }) => !known.includes(id)), now);
    hints.give('inbox');
    if (isTold) hints.give('feed');
  }
}
