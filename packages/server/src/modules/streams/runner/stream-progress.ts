import type { EventPage } from '../read-events.ts';
import type { Attempt } from '../event-streams/attempt-store.ts';
import { commitRound } from './commit-round.ts';
import type { HeldEvent } from './held-store.ts';
import { heldUsers, nextHeldAt } from './held-store.ts';
import type { Settled } from './settle-round.ts';
import { StreamPosition } from './stream-position.ts';
import type { Placed } from './stream-position.ts';
import type { WorkOptions } from './work-options.ts';
import type { ClaimedStream, Standing } from './work-store.ts';

/** A stream that passes over what is filtered out writes that down so often. */
const IDLE_COMMIT_MS = 1_000;
/** The last moment that a date can be. */
const NEVER = 8_640_000_000_000_000;

/** What comes after a round: another one, a wait until a time or until there is news, or the end. */
export type After =
  | { readonly kind: 'again' }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'end' };

/** A round that was played and settled. */
export interface SettledRound {
  readonly settled: Settled;
  /** What was read of the feed; null when nothing was. */
  readonly page: EventPage | null;
  /** Held events that the feed no longer has. */
  readonly lost: readonly HeldEvent[];
  readonly attempts: readonly Attempt[];
  /** Tries in a row that nobody took. */
  readonly failures: number;
}

/** How a stream stands: where it is, what it holds, how often it failed; kept in step with what is written down. */
export class StreamProgress {
  readonly position: StreamPosition;
  readonly #options: WorkOptions;
  readonly #claimed: ClaimedStream;
  /** Who takes all or nothing is told where a round begins, so every move must be written down. */
  readonly #isWhole: boolean;
  #failures: number;
  #pauses: number;
  #retryAt: number | null;
  #held = new Map<string, number>();
  #writtenAt = 0;
  /** The cursor as it is written down. */
  #written: string;

  constructor(options: WorkOptions, claimed: ClaimedStream, isWhole: boolean) {
    this.#options = options;
    this.#claimed = claimed;
    this.#isWhole = isWhole;
    this.position = new StreamPosition(claimed);
    this.#written = claimed.cursor;
    this.#failures = claimed.failures;
    this.#pauses = claimed.pauses;
    this.#retryAt = claimed.retryAt?.getTime() ?? null;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Rests in a row since anything was taken. */
  get pauses(): number {
    return this.#pauses;
  }

  /** Until when it rests, in milliseconds since the epoch; null when it does not. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  get held(): number {
    return [...this.#held.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Something of this user is held: what comes after it waits. */
  holds(userKey: string): boolean {
    return this.#held.has(userKey);
  }

  /** Reads what is held. Before the first round. */
  async open(): Promise<void> {
    this.#held = await heldUsers(this.#options.database, this.#claimed);
  }

  /** Writes a round down, as far as that is needed, and says what comes after it. */
  async commit(round: SettledRound): Promise<After> {
    const { clock, onDisabled } = this.#options;
    const { settled, page, lost, attempts } = round;
    const now = clock.now();
    const wasReplaying = this.position.isReplaying;
    const next = this.position.after(settled.keepsPage ? page : null);
    const happened = attempts.length > 0 || settled.held.length > 0 || this.#pauses !== settled.pauses;
    const hasMoved = next.cursor !== this.#written || next.replay !== this.position.replay;
    const isDue = this.#isWhole || wasReplaying || now - this.#writtenAt >= IDLE_COMMIT_MS;
    if (happened || (hasMoved && isDue)) {
      const standing = await this.#write(round, next, now);
      if (standing === null) return { kind: 'end' };
      const isChanged = standing.updatedAt.getTime() !== this.#claimed.updatedAt.getTime();
      if (settled.disabled !== null) onDisabled(this.#claimed, settled.disabled);
      if (standing.state !== 'active' || isChanged) return { kind: 'end' };
    }
    this.position.move(next, now);
    this.#failures = round.failures;
    this.#pauses = settled.pauses;
    this.#retryAt = settled.retryAt;
    if (settled.retryAt !== null) return { kind: 'wait', until: settled.retryAt };
    const isReleased = settled.released.length > 0 || lost.length > 0;
    if (wasReplaying || page?.more === true || isReleased) return { kind: 'again' };
    return { kind: 'wait', until: await this.#nextAt(hasMoved && !happened && !isDue) };
  }

  /** Null when the stream is another's by now. */
  async #write(
    { settled, lost, attempts, failures }: SettledRound,
    next: Placed,
    now: number,
  ): Promise<Standing | null> {
    const { database, leaseMs } = this.#options;
    const released = [...settled.released, ...lost];
    const standing = await commitRound({ database, now, leaseMs }, this.#claimed, {
      progress: {
        ...settled,
        cursor: next.cursor,
        replayCursor: next.replay,
        failures,
        givenUp: settled.givenUp + lost.length,
      },
      held: settled.held,
      released,
      attempts,
      disabled: settled.disabled,
    });
    if (standing === null) return null;
    this.#writtenAt = now;
    this.#written = next.cursor;
    if (settled.held.length > 0 || released.length > 0) await this.open();
    return standing;
  }

  /** When there is something to do without news; null for never. `isLeft`: a move is not written down yet. */
  async #nextAt(isLeft: boolean): Promise<number | null> {
    const heldAt = this.#held.size === 0 ? null : await nextHeldAt(this.#options.database, this.#claimed);
    const until = Math.min(heldAt ?? NEVER, isLeft ? this.#writtenAt + IDLE_COMMIT_MS : NEVER);
    return until === NEVER ? null : until;
  }
}
