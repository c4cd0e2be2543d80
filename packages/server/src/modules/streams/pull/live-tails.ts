import type { FeedEvent } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { encodeFeedCursor } from '../../feed/index.ts';
import type { FeedCursor } from '../../feed/index.ts';
import { readEvents } from '../read-events.ts';
import { Bell } from '../runner/bell.ts';

export interface LiveTailsOptions {
  readonly database: Database;
  readonly hints: Hints;
  readonly clock: Clock;
}

export interface LiveTailQuery {
  readonly appId: string;
  readonly from: FeedCursor;
  readonly passes: (event: FeedEvent) => boolean;
}

export interface LiveTail {
  readonly text: AsyncGenerator<string, void, undefined>;
  /** The caller is gone: others may have the place. */
  readonly leave: () => void;
}

/** Of an app, in this process: each reads the feed by itself. */
const MOST_OF_AN_APP = 20;
const EVENTS_A_READ = 500;
/** Hints can be lost. */
const LOOK_EVERY_MS = 1_000;
/** Below the patience of proxies, which end a connection on which nothing comes. */
const HEARTBEAT_MS = 15_000;
/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000;

/** The feed as server-sent events, to callers who stay. */
export class LiveTails {
  readonly #options: LiveTailsOptions;
  readonly #ends = new Map<Bell, string>();

  constructor(options: LiveTailsOptions) {
    this.#options = options;
  }

  /**
   * Text of server-sent events: what comes behind a cursor, until the caller has left or `close` is called. Nothing is
   * read ahead of what the caller takes. Each group of events ends with the cursor behind it as its id, and so does a
   * heartbeat. Throws ApiError `feed-live-too-many`.
   */
  open(query: LiveTailQuery): LiveTail {
    const count = [...this.#ends.values()].filter((one) => one === query.appId).length;
    if (count >= MOST_OF_AN_APP)
      throw new ApiError('feed-live-too-many', { params: { most: MOST_OF_AN_APP } });
    const bell = new Bell();
    this.#ends.set(bell, query.appId);
    return { text: this.#tell(bell, query), leave: () => this.#end(bell) };
  }

  /** All of them end. */
  close(): void {
    for (const bell of this.#ends.keys()) this.#end(bell);
  }

  #end(bell: Bell): void {
    this.#ends.delete(bell);
    bell.ring();
  }

  async *#tell(bell: Bell, { appId, from, passes }: LiveTailQuery): AsyncGenerator<string, void, undefined> {
    const { database, hints, clock } = this.#options;
    const stop = hints.on('feed', () => bell.ring());
    try {
      yield `retry: ${RETRY_MS}\n\n`;
      let cursor = from;
      let saidAt = clock.now();
      while (this.#ends.has(bell)) {
        const page = await readEvents(database, appId, cursor, EVENTS_A_READ);
        cursor = page.cursor;
        const text = textOf(page.events.filter(passes), cursor);
        const now = clock.now();
        if (text !== '' || now - saidAt >= HEARTBEAT_MS) {
          yield text === '' ? `id: ${encodeFeedCursor(cursor)}\n: nothing new\n\n` : text;
          saidAt = now;
        }
        if (!page.more) await bell.wait(clock, clock.now() + LOOK_EVERY_MS);
      }
    } finally {
      stop();
    }
  }
}

/** The cursor comes with the last: whoever was cut off before it gets all of them again, under their ids. */
function textOf(events: readonly FeedEvent[], cursor: FeedCursor): string {
  return events
    .map((event, n) => {
      const id = n === events.length - 1 ? `id: ${encodeFeedCursor(cursor)}\n` : '';
      return `${id}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}
