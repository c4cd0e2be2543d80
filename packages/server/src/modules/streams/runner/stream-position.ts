import { decodeFeedCursor, encodeFeedCursor } from '../../feed/index.ts';
import type { FeedCursor } from '../../feed/index.ts';
import type { RoundStart } from '../destination.ts';
import type { EventPage } from '../read-events.ts';
import type { ClaimedStream } from './work-store.ts';

/** Where a stream is: in the feed, and in the message that it replays. */
export interface Placed {
  readonly cursor: string;
  /** Null when nothing is replayed. */
  readonly replay: string | null;
}

/** How far a stream has come. While it replays a message its own cursor stays. */
export class StreamPosition implements Placed {
  readonly #replayEnd: FeedCursor | null;
  #cursor: string;
  #at: number;
  #replay: string | null;

  constructor({ cursor, cursorAt, replayCursor, replayEnd }: ClaimedStream) {
    this.#cursor = cursor;
    this.#at = cursorAt.getTime();
    this.#replay = replayCursor;
    this.#replayEnd = replayEnd === null ? null : decodeFeedCursor(replayEnd);
  }

  get cursor(): string {
    return this.#cursor;
  }

  get replay(): string | null {
    return this.#replay;
  }

  get isReplaying(): boolean {
    return this.#replay !== null;
  }

  /** Where the next page is read from. */
  get source(): string {
    return this.#replay ?? this.#cursor;
  }

  get start(): RoundStart {
    return { cursor: this.source, at: this.#at };
  }

  /** Where it is behind a page; where it was without one. */
  after(page: EventPage | null): Placed {
    if (page === null) return this;
    const behind = encodeFeedCursor(page.cursor);
    if (this.#replay === null) return { cursor: behind, replay: null };
    const isOver = this.#replayEnd === null || hasReached(page.cursor, this.#replayEnd);
    return { cursor: this.#cursor, replay: isOver ? null : behind };
  }

  move({ cursor, replay }: Placed, now: number): void {
    if (cursor !== this.#cursor) this.#at = now;
    this.#cursor = cursor;
    this.#replay = replay;
  }
}

function hasReached({ positions, within }: FeedCursor, end: FeedCursor): boolean {
  return within === null && positions.every((position, lane) => position >= (end.positions[lane] ?? 0));
}
