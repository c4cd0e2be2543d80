import { feedPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import type { Routes } from '../../platform/http/route.ts';
import { FEED_START, decodeFeedCursor, encodeFeedCursor, feedEnd } from '../feed/index.ts';
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
  /** Seconds to wait for an event when there is none. */
  wait: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_WAIT_S })),
});

/** An extension of ours: the events of an app, pulled with a cursor. Works from behind a firewall. */
export function feedRoutes({ database, hints }: FeedRouteOptions): Routes {
  const start = async (text: string | undefined): Promise<FeedCursor> => {
    if (text === undefined || text === '') return FEED_START;
    return text === 'end' ? feedEnd(database) : decodeFeedCursor(text);
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
        const { cursor: text, limit = 1_000, wait = 0 } = request.query;
        const from = await start(text);
        const { events, cursor, more } = await waitForNews(
          { hints, waitMs: wait * 1_000, gone: request.raw.socket },
          () => readEvents(database, request.appId, from, limit),
        );
        return { events, cursor: encodeFeedCursor(cursor), has_more: more };
      },
    );
  };
}
