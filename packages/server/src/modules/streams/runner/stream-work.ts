import { encodeFeedCursor } from '../../feed/index.ts';
import type { Destination, StreamEvent } from '../destination.ts';
import { createEventFilter } from '../event-filter.ts';
import type { StreamSettings } from '../event-streams/stream-settings.ts';
import type { EventPage } from '../read-events.ts';
import { userKeyOf } from '../user-key.ts';
import { Breaker } from '../../../platform/breaker.ts';
import { disableWhereItStands } from './commit-round.ts';
import { attemptOfLost, NOTHING_DUE, readDueEvents } from './due-events.ts';
import type { DueEvents } from './due-events.ts';
import { FeedBehind, PageReader } from './page-reader.ts';
import { settleRound } from './settle-round.ts';
import { StreamProgress } from './stream-progress.ts';
import type { After } from './stream-progress.ts';
import type { WorkOptions } from './work-options.ts';
import type { ClaimedStream } from './work-store.ts';

/** More than so many are not held: nothing new is read until some of them have gone. */
const MOST_HELD = 10_000;
const HELD_A_ROUND = 500;
const PROBES = 3;
/** The last moment that a date can be. */
const NEVER = 8_640_000_000_000_000;

/** One stream, worked round after round by the process that has claimed it. */
export class StreamWork {
  readonly #options: WorkOptions;
  readonly #claimed: ClaimedStream;
  readonly #settings: StreamSettings;
  readonly #destination: Destination;
  readonly #reader: PageReader;
  readonly #passes: ReturnType<typeof createEventFilter>;
  readonly #progress: StreamProgress;
  /** When the first event of a round that is not yet full was seen. */
  #waitingSince: number | null = null;

  constructor(
    options: WorkOptions,
    claimed: ClaimedStream,
    settings: StreamSettings,
    destination: Destination,
  ) {
    this.#options = options;
    this.#claimed = claimed;
    this.#settings = settings;
    this.#destination = destination;
    this.#reader = new PageReader(options, claimed.appId);
    this.#passes = createEventFilter(settings.filters);
    this.#progress = new StreamProgress(options, claimed, destination.isWhole);
  }

  /** Reads what is held. Before the first round. */
  async open(): Promise<void> {
    await this.#progress.open();
  }

  /** Tries what is due and what comes next in the feed, and commits what came of it. `mayWork`: it is still ours. */
  async round(mayWork: () => boolean): Promise<After> {
    try {
      return await this.#round(mayWork);
    } catch (error) {
      if (!(error instanceof FeedBehind)) throw error;
      const { database, clock } = this.#options;
      const reason = 'events that were not sent yet are no longer kept';
      await disableWhereItStands({ database, now: clock.now() }, this.#claimed, reason);
      this.#options.onDisabled(this.#claimed, reason);
      return { kind: 'end' };
    }
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#destination.close();
  }

  async #round(mayWork: () => boolean): Promise<After> {
    const { clock } = this.#options;
    const now = clock.now();
    const { retryAt, pauses, failures: failedBefore } = this.#progress;
    if (retryAt !== null && retryAt > now) return { kind: 'wait', until: retryAt };
    const isProbe = pauses > 0;
    const due = await this.#due(now, isProbe);
    const page = await this.#page(isProbe ? PROBES - due.events.length : this.#destination.most);
    const fresh = page === null ? [] : this.#streamEvents(page);
    const readyAt = page === null ? null : this.#readyAt(page, fresh.length, now);
    if (readyAt !== null) return { kind: 'wait', until: readyAt };
    const isOpen = (event: StreamEvent) => !this.#progress.holds(event.userKey);
    const events = [...due.events, ...fresh.filter(isOpen)];
    const breaker = isProbe ? new Breaker(0, mayWork, PROBES) : new Breaker(failedBefore, mayWork);
    const { outcomes, attempts } =
      events.length === 0
        ? { outcomes: [], attempts: [] }
        : await this.#destination.deliver(events, breaker, this.#progress.position.start);
    if (!mayWork() && breaker.taken === 0) return { kind: 'end' };
    const settled = settleRound(
      {
        events,
        outcomes,
        heldBefore: due.byPlace,
        behind: fresh.filter((event) => !isOpen(event)),
        breaker,
        isProbe,
        isWhole: this.#destination.isWhole,
      },
      {
        schedule: this.#settings.retrySchedule,
        pauses,
        now: clock.now(),
        random: Math.random(),
      },
    );
    const before = isProbe && breaker.taken === 0 ? failedBefore : 0;
    const lost = due.lost.map((one) => attemptOfLost(one, clock.now()));
    return this.#progress.commit({
      settled,
      page,
      lost: due.lost,
      attempts: [...attempts, ...lost],
      failures: before + breaker.failures,
    });
  }

  async #due(now: number, isProbe: boolean): Promise<DueEvents> {
    if (this.#progress.held === 0) return NOTHING_DUE;
    const [by, limit] = isProbe ? [NEVER, PROBES] : [now, HELD_A_ROUND];
    return readDueEvents(this.#options.database, this.#claimed, by, limit);
  }

  async #page(room: number): Promise<EventPage | null> {
    const { position, held } = this.#progress;
    if (room <= 0 || held >= MOST_HELD) return null;
    const { replayMessage } = this.#claimed;
    const isWanted = position.isReplaying ? (id: string | null) => id === replayMessage : undefined;
    const page = await this.#reader.read(position.source, room, isWanted);
    if (page.more && room === this.#destination.most && isWanted === undefined) {
      this.#reader.readAhead(encodeFeedCursor(page.cursor), room);
    }
    return page;
  }

  #streamEvents({ events, places }: EventPage): StreamEvent[] {
    return events.flatMap((event, n) => {
      const place = places[n];
      if (place === undefined || !this.#passes(event)) return [];
      return [{ event, place, userKey: userKeyOf(event) }];
    });
  }

  /** Until when a round that is not full waits for more; null when it does not. */
  #readyAt({ more }: EventPage, count: number, now: number): number | null {
    const { patienceMs } = this.#destination;
    if (patienceMs > 0 && count > 0 && !more) {
      this.#waitingSince ??= now;
      const at = this.#waitingSince + patienceMs;
      if (at > now) return at;
    }
    this.#waitingSince = null;
    return null;
  }
}
