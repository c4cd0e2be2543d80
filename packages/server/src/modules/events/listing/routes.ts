import { customEventPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../../platform/database/database.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import { parseMoment } from '../../../platform/http/parse-moment.ts';
import type { Routes } from '../../../platform/http/route.ts';
import type { Identity } from '../../identity/index.ts';
import { listEvents } from './list-store.ts';
import type { EventPlace, ListedEvent } from './list-store.ts';

const ON_A_PAGE = 50;
const MOST_ON_A_PAGE = 1_000;
/** Above every id. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const END_OF_TIME = Date.UTC(9_999, 11, 31);

export interface ListRouteOptions {
  readonly database: Database;
  readonly identity: Pick<Identity, 'resolveAliases'>;
}

/** `GET /apps/{app_id}/custom_events`: what came, the newest first. An extension of ours. */
export function eventListRoutes({ database, identity }: ListRouteOptions): Routes {
  const userOf = async (appId: string, externalId: string | undefined, onesignalId: string | undefined) => {
    if (externalId === undefined) return onesignalId?.toLowerCase() ?? null;
    const found = await identity.resolveAliases(appId, 'external_id', [externalId]);
    return found.get(externalId)?.userId;
  };
  return (http) => {
    http.get(
      '/apps/:app_id/custom_events',
      {
        config: { access: 'app', envelope: 'basic' },
        schema: {
          tags: ['Custom events'],
          summary: 'List custom events',
          description:
            'The newest first, in the order in which they came. A page that looked at 20,000 events and found few is short: follow next_cursor.',
          params: Type.Object({ app_id: Type.String({ format: 'uuid' }) }),
          querystring: Type.Object({
            name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
            external_id: Type.Optional(Type.String({ minLength: 1, description: 'Of this user.' })),
            onesignal_id: Type.Optional(Type.String({ format: 'uuid', description: 'Of this user.' })),
            source: Type.Optional(Type.Enum(['api', 'device'])),
            start_time: Type.Optional(
              Type.String({ description: 'Came at or behind it: ISO 8601, or Unix seconds.' }),
            ),
            end_time: Type.Optional(Type.String({ description: 'Came before it.' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: customEventPage },
        },
      },
      async ({ appId, query }) => {
        const { name = null, source = null, external_id: externalId, onesignal_id: onesignalId } = query;
        const { start_time: start, end_time: end, cursor, limit = ON_A_PAGE } = query;
        const list = ['custom events', appId, name, source, externalId, onesignalId, start, end];
        const before = startOf(list, cursor, end);
        const userId = await userOf(appId, externalId, onesignalId);
        if (userId === undefined) return { events: [] };
        const from = start === undefined ? 0 : parseMoment('start_time', start);
        const wanted = { name, userId, source, from, before };
        const { events, lookedTo } = await listEvents(database, appId, wanted, limit + 1);
        const page = events.slice(0, limit);
        const last = page.at(-1);
        const next =
          events.length > limit && last ? { receivedAt: last.receivedAt.getTime(), id: last.id } : lookedTo;
        return {
          events: page.map(present),
          ...(next !== null && { next_cursor: encodeCursor(list, [next.receivedAt, next.id]) }),
        };
      },
    );
  };
}

function startOf(list: readonly unknown[], cursor: string | undefined, end: string | undefined): EventPlace {
  if (cursor !== undefined) {
    const [receivedAt, id] = decodeCursor(list, cursor, ['integer', 'uuid']);
    return { receivedAt, id };
  }
  if (end === undefined) return { receivedAt: END_OF_TIME, id: LAST_ID };
  // Nothing of that very moment: below every id.
  return { receivedAt: parseMoment('end_time', end), id: '00000000-0000-0000-0000-000000000000' };
}

function present({ id, name, userId, externalId, properties, source, at, receivedAt }: ListedEvent) {
  return {
    id,
    name,
    onesignal_id: userId,
    external_id: externalId,
    properties,
    source,
    timestamp: at.toISOString(),
    received_at: receivedAt.toISOString(),
  };
}
