import { feedPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Routes } from '../../platform/http/route.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { FEED_START, decodeFeedCursor, encodeFeedCursor, feedEnd, skipDropped } from '../feed/index.ts';
import { createEventFilter } from './event-filter.ts';
import type { FeedCursor } from '../feed/index.ts';
import { readEvents } from './read-events.ts';
import { waitForNews } from './wait-for-news.ts';

export interface FeedRouteOptions {
  readonly database: Database;
  readonly hints: Hints;
}

const MOST_EVENTS = 10_000;
const LONGEST_WAIT_S = 60;

const query = Type.Object({
  /** From an earlier answer. Absent: from the oldest event kept. `end`: only what comes from now on. */
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_EVENTS })),
  /** `message.email.opened`, or `message.email.*` for all that begin so; several with commas between. `message.*` when absent. */
  kinds: Type.Optional(
    Type.String({ maxLength: 4_096, pattern: '^([a-z_.]+\\*?|\\*)(,([a-z_.]+\\*?|\\*))*$' }),
  ),
  /** Seconds to wait for an event when there is none. */
  wait: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT_S })),
});

/** An extension of ours: the events of an app, pulled with a cursor. Works from behind a firewall. */
export function feedRoutes({ database, hints }: FeedRouteOptions): Routes {
  const start = async (appId: string, text: string | undefined): Promise<FeedCursor> => {
    if (text === undefined || text === '') return FEED_START;
    if (text === 'end') return feedEnd(database);
    const cursor = decodeFeedCursor(text);
    if ((await skipDropped(database, appId, cursor)) !== null) throw new ApiError('feed-cursor-behind');
    return cursor;
  };

  return (http) => {
    http.get(
      '/apps/:app_id/feed',
      {
        config: { access: 'app', envelope: 'basic' },
        schema: {
          summary: 'Read the event feed',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          querystring: query,
          response: { 200: feedPage },
        },
      },
      async (request) => {
        const { cursor: text, limit = 1_000, wait = 0, kinds } = request.query;
        const from = await start(request.appId, text);
        const passes = createEventFilter(kinds === undefined ? {} : { kinds: kinds.split(',') });
        const { events, cursor, more } = await waitForNews(
          { hints, waitMs: wait * 1_000, gone: request.raw.socket },
          () => readEvents(database, request.appId, from, limit),
        );
        return { events: events.filter(passes), cursor: encodeFeedCursor(cursor), has_more: more };
      },
    );
  };
}
