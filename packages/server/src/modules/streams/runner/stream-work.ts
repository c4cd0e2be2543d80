import { encodeFeedCursor } from '../../feed/index.ts';
import type { Destination, StreamEvent } from '../destination.ts';
import { createEventFilter } from '../event-filter.ts';
import type { StreamSettings } from '../event-streams/stream-settings.ts';
import type { EventPage } from '../read-events.ts';
import { userKeyOf } from '../user-key.ts';
import { Breaker } from '../../../platform/breaker.ts';
import { commitRound, disableWhereItStands } from './commit-round.ts';
import { attemptOfLost, NOTHING_DUE, readDueEvents } from './due-events.ts';
import type { DueEvents } from './due-events.ts';
import { heldUsers, nextHeldAt } from './held-store.ts';
import { FeedBehind, PageReader } from './page-reader.ts';
import { settleRound } from './settle-round.ts';
import type { Settled } from './settle-round.ts';
import { StreamPosition } from './stream-position.ts';
import type { WorkOptions } from './work-options.ts';
import type { ClaimedStream } from './work-store.ts';

/** More than so many are not held: nothing new is read until some of them have gone. */
const MOST_HELD = 10_000;
const HELD_A_ROUND = 500;
const PROBES = 3;
/** A stream that passes over what is filtered out writes that down so often. */
const IDLE_COMMIT_MS = 1_000;
/** The last moment that a date can be. */
const NEVER = 8_640_000_000_000_000;

/** What comes after a round: another one, a wait until a time or until there is news, or the end. */
export type After =
  | { readonly kind: 'again' }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'end' };

/** One stream, worked round after round by the process that has claimed it. */
export class StreamWork {
  readonly #options: WorkOptions;
  readonly #claimed: ClaimedStream;
  readonly #settings: StreamSettings;
  readonly #destination: Destination;
  readonly #reader: PageReader;
  readonly #passes: ReturnType<typeof createEventFilter>;
  readonly #position: StreamPosition;
  #failures: number;
  #pauses: number;
  #retryAt: number | null;
  #held = new Map<string, number>();
  #writtenAt = 0;
  /** The cursor as it is written down. */
  #written: string;
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
    this.#position = new StreamPosition(claimed);
    this.#written = claimed.cursor;
    this.#failures = claimed.failures;
    this.#pauses = claimed.pauses;
    this.#retryAt = claimed.retryAt?.getTime() ?? null;
  }

  /** Reads what is held. Before the first round. */
  async open(): Promise<void> {
    this.#held = await heldUsers(this.#options.database, this.#claimed);
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
    if (this.#retryAt !== null && this.#retryAt > now) return { kind: 'wait', until: this.#retryAt };
    const isProbe = this.#pauses > 0;
    const due = await this.#due(now, isProbe);
    const page = await this.#page(isProbe ? PROBES - due.events.length : this.#destination.most);
    const fresh = page === null ? [] : this.#streamEvents(page);
    const readyAt = page === null ? null : this.#readyAt(page, fresh.length, now);
    if (readyAt !== null) return { kind: 'wait', until: readyAt };
    const isOpen = (event: StreamEvent) => !this.#held.has(event.userKey);
    const events = [...due.events, ...fresh.filter(isOpen)];
    const breaker = isProbe ? new Breaker(0, mayWork, PROBES) : new Breaker(this.#failures, mayWork);
    const { outcomes, attempts } =
      events.length === 0
        ? { outcomes: [], attempts: [] }
        : await this.#destination.deliver(events, breaker, this.#position.start);
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
        pauses: this.#pauses,
        now: clock.now(),
        random: Math.random(),
      },
    );
    const before = isProbe && breaker.taken === 0 ? this.#failures : 0;
    const lost = due.lost.map((one) => attemptOfLost(one, clock.now()));
    return this.#commit(settled, page, due, {
      attempts: [...attempts, ...lost],
      failures: before + breaker.failures,
    });
  }

  async #due(now: number, isProbe: boolean): Promise<DueEvents> {
    if (this.#held.size === 0) return NOTHING_DUE;
    const [by, limit] = isProbe ? [NEVER, PROBES] : [now, HELD_A_ROUND];
    return readDueEvents(this.#options.database, this.#claimed, by, limit);
  }

  async #page(room: number): Promise<EventPage | null> {
    const held = [...this.#held.values()].reduce((sum, count) => sum + count, 0);
    if (room <= 0 || held >= MOST_HELD) return null;
    const { replayMessage } = this.#claimed;
    const isWanted = this.#position.isReplaying ? (id: string | null) => id === replayMessage : undefined;
    const page = await this.#reader.read(this.#position.source, room, isWanted);
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

  async #commit(
    settled: Settled,
    page: EventPage | null,
    due: DueEvents,
    {
      attempts,
      failures,
    }: { readonly attempts: Parameters<typeof commitRound>[2]['attempts']; readonly failures: number },
  ): Promise<After> {
    const { database, clock, leaseMs } = this.#options;
    const now = clock.now();
    const wasReplaying = this.#position.isReplaying;
    const next = this.#position.after(settled.keepsPage ? page : null);
    const released = [...settled.released, ...due.lost];
    const happened = attempts.length > 0 || settled.held.length > 0 || this.#pauses !== settled.pauses;
    const hasMoved = next.cursor !== this.#written || next.replay !== this.#position.replay;
    // Who takes all or nothing is told where a round begins, so that must be written down.
    const isDue = this.#destination.isWhole || wasReplaying || now - this.#writtenAt >= IDLE_COMMIT_MS;
    const isLeft = hasMoved && !happened && !isDue;
    if (happened || (hasMoved && isDue)) {
      const standing = await commitRound({ database, now, leaseMs }, this.#claimed, {
        progress: {
          ...settled,
          cursor: next.cursor,
          replayCursor: next.replay,
          failures,
          givenUp: settled.givenUp + due.lost.length,
        },
        held: settled.held,
        released,
        attempts,
        disabled: settled.disabled,
      });
      if (standing === null) return { kind: 'end' };
      this.#writtenAt = now;
      this.#written = next.cursor;
      if (settled.held.length > 0 || released.length > 0) await this.open();
      const isChanged = standing.updatedAt.getTime() !== this.#claimed.updatedAt.getTime();
      if (settled.disabled !== null) this.#options.onDisabled(this.#claimed, settled.disabled);
      if (standing.state !== 'active' || isChanged) return { kind: 'end' };
    }
    this.#position.move(next, now);
    this.#failures = failures;
    this.#pauses = settled.pauses;
    this.#retryAt = settled.retryAt;
    if (settled.retryAt !== null) return { kind: 'wait', until: settled.retryAt };
    if (wasReplaying || page?.more === true || released.length > 0) return { kind: 'again' };
    const heldAt = this.#held.size === 0 ? null : await nextHeldAt(database, this.#claimed);
    const until = Math.min(heldAt ?? NEVER, isLeft ? this.#writtenAt + IDLE_COMMIT_MS : NEVER);
    return { kind: 'wait', until: until === NEVER ? null : until };
  }
}
