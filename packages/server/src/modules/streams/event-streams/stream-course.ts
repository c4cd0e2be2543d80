import type { ReplayEventStreamBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Author } from '../../accounts/index.ts';
import { decodeFeedCursor, encodeFeedCursor, skipDropped } from '../../feed/index.ts';
import { changeStream } from './change-stream.ts';
import type { ChangeStreamOptions } from './change-stream.ts';
import { replayStart } from './replay-start.ts';
import { pauseStream, replayMessage, resumeStream, rewindStream } from './stream-store.ts';

/** Where streams go in the feed: whether they go, and from where. */
export class StreamCourse {
  readonly #options: ChangeStreamOptions;

  constructor(options: ChangeStreamOptions) {
    this.#options = options;
  }

  /** It stays where it is until it is resumed. Throws ApiError `event-stream-not-found`. */
  async pause(appId: string, name: string, author: Author): Promise<void> {
    await changeStream(
      this.#options,
      { appId, name, author, action: 'event_stream.paused' },
      async (transaction, { id }, now) => pauseStream(transaction, appId, id, now),
    );
  }

  /**
   * Goes on where it stopped, at once. Throws ApiError `event-stream-not-found`, and `event-stream-behind` when events
   * would be left out without `skipMissing`.
   */
  async resume(appId: string, name: string, skipMissing: boolean, author: Author): Promise<void> {
    await changeStream(
      this.#options,
      { appId, name, author, action: 'event_stream.resumed' },
      async (transaction, row, now) => {
        const skipped = await skipDropped(transaction, appId, decodeFeedCursor(row.cursor));
        if (skipped !== null && !skipMissing) throw new ApiError('event-stream-behind', { params: { name } });
        const cursor = skipped === null ? row.cursor : encodeFeedCursor(skipped);
        await resumeStream(transaction, appId, { id: row.id, cursor }, now);
      },
    );
  }

  /** Sends again. Throws ApiError `event-stream-not-found`, and as `replayStart`. */
  async replay(appId: string, name: string, asked: ReplayEventStreamBody, author: Author): Promise<void> {
    const start = await replayStart(this.#options.database, appId, asked);
    await changeStream(
      this.#options,
      { appId, name, author, action: 'event_stream.replayed' },
      async (transaction, row, now) => {
        if (row.replayMessage !== null) throw new ApiError('event-stream-replaying', { params: { name } });
        switch (start.kind) {
          case 'all':
            return rewindStream(transaction, appId, { id: row.id, cursor: start.from }, now);
          case 'message':
            return replayMessage(transaction, appId, row.id, start);
        }
      },
    );
  }
}
