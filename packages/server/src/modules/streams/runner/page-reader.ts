import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { decodeFeedCursor, skipDropped } from '../../feed/index.ts';
import { readEvents } from '../read-events.ts';
import type { EventPage, IsWantedBatch } from '../read-events.ts';

export interface PageReaderOptions {
  readonly database: Database;
  readonly clock: Clock;
}

/** Events behind the cursor were dropped before they were read. */
export class FeedBehind extends Error {
  override readonly name = 'FeedBehind';
}

const DAY_MS = 86_400_000;

/** Reads pages of one app's feed, the next one while the one before is on its way. */
export class PageReader {
  readonly #options: PageReaderOptions;
  readonly #appId: string;
  #ahead: { readonly key: string; readonly page: Promise<EventPage> } | null = null;

  constructor(options: PageReaderOptions, appId: string) {
    this.#options = options;
    this.#appId = appId;
  }

  /** Throws FeedBehind. */
  async read(cursor: string, limit: number, isWanted?: IsWantedBatch): Promise<EventPage> {
    const { database, clock } = this.#options;
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead?.key === keyOf(cursor, limit) && isWanted === undefined) return ahead.page;
    await ahead?.page.catch(() => undefined);
    const from = decodeFeedCursor(cursor);
    const page = await readEvents(database, this.#appId, from, limit, isWanted);
    // Asked after reading: what was dropped before is not in the page. What lies ahead of a cursor of today cannot have
    // been dropped yet.
    const isOld = from.day < Math.floor(clock.now() / DAY_MS) - 1;
    if (isOld && (await skipDropped(database, this.#appId, from)) !== null) throw new FeedBehind();
    return page;
  }

  readAhead(cursor: string, limit: number): void {
    const page = readEvents(this.#options.database, this.#appId, decodeFeedCursor(cursor), limit);
    // It is looked at when its turn comes; until then nobody listens.
    page.catch(() => undefined);
    this.#ahead = { key: keyOf(cursor, limit), page };
  }

  async close(): Promise<void> {
    await this.#ahead?.page.catch(() => undefined);
  }
}

function keyOf(cursor: string, limit: number): string {
  return `${limit} ${cursor}`;
}
