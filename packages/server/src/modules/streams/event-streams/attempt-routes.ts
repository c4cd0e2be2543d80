import { eventStreamAttemptPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../../platform/database/database.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { attemptsBefore } from './attempt-store.ts';
import type { EventStreams } from './event-streams.ts';
import { streamParams } from './routes.ts';

const ON_A_PAGE = 50;
const MOST_ON_A_PAGE = 200;
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface AttemptRouteOptions {
  readonly database: Database;
  readonly streams: EventStreams;
}

/** The requests of an event stream, with what was answered. An extension of ours. */
export function attemptRoutes({ database, streams }: AttemptRouteOptions): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/event_streams/:name/attempts',
      {
        config: { access: 'app' },
        schema: {
          tags: ['Event streams'],
          summary: 'List the requests of an event stream',
          description: 'The newest first. They are kept for CARILLON_STREAM_ATTEMPT_DAYS.',
          params: streamParams,
          querystring: Type.Object({
            outcome: Type.Optional(Type.Enum(['taken', 'failed'])),
            status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
            about: Type.Optional(
              Type.String({
                format: 'uuid',
                description: 'The id of an event, a user, a subscription or a message.',
              }),
            ),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: eventStreamAttemptPage },
        },
      },
      async ({ appId, params: { name }, query }) => {
        const { outcome = null, status = null, about = null, cursor, limit = ON_A_PAGE } = query;
        const { id } = await streams.find(appId, name);
        const list = ['event stream attempts', appId, id, outcome, status, about];
        const [before] = cursor === undefined ? [NEWEST] : decodeCursor(list, cursor, ['uuid']);
        const found = await attemptsBefore(
          database,
          { appId, id },
          { outcome, status, about },
          before,
          limit + 1,
        );
        const attempts = found.slice(0, limit).map(({ at, ...rest }) => ({ ...rest, at: at.toISOString() }));
        const last = found.length > limit ? attempts.at(-1) : undefined;
        return { attempts, ...(last !== undefined && { next_cursor: encodeCursor(list, [last.id]) }) };
      },
    );
  };
}
