import { feedPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { encodeFeedCursor } from '../../feed/index.ts';
import { readEvents } from '../read-events.ts';
import { feedFilters, passesQuery, startOf } from './feed-query.ts';
import { waitForNews } from './wait-for-news.ts';

export interface FeedRouteOptions {
  readonly database: Database;
  readonly hints: Hints;
}

const MOST_EVENTS = 10_000;
const LONGEST_WAIT_S = 60;

const query = Type.Object({
  cursor: Type.Optional(
    Type.String({
      description:
        'From an earlier answer. Absent: from the oldest event kept. `end`: only what comes from now on.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_EVENTS })),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LONGEST_WAIT_S,
      description: 'Seconds to wait for an event when there is none.',
    }),
  ),
  ...feedFilters,
});

/** An extension of ours: the events of an app, pulled with a cursor. Works from behind a firewall. */
export function feedRoutes({ database, hints }: FeedRouteOptions): Routes {
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
        const { cursor: text = '', limit = 1_000, wait = 0, ...filters } = request.query;
        const from = await startOf(database, request.appId, text === '' ? 'start' : text);
        const passes = passesQuery(filters);
        const { events, cursor, more } = await waitForNews(
          { hints, waitMs: wait * 1_000, gone: request.raw.socket },
          () => readEvents(database, request.appId, from, limit),
        );
        return { events: events.filter(passes), cursor: encodeFeedCursor(cursor), has_more: more };
      },
    );
  };
}
