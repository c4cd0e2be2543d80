import { customEventName, customEventNamePage, updateCustomEventNameBody } from '@carillon/wire';
import type { CustomEventName } from '@carillon/wire';
import { Type } from 'typebox';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { authorOf } from '../../accounts/index.ts';
import type { EventNames, UsedEventName } from './event-names.ts';

const config = { access: 'app', envelope: 'basic' } as const;
const tags = ['Custom events'];
const url = '/apps/:app_id/custom_events/names';
const ON_A_PAGE = 50;
const MOST_ON_A_PAGE = 200;
const ofApp = Type.Object({ app_id: Type.String({ format: 'uuid' }) });
const ofName = Type.Object({ app_id: Type.String({ format: 'uuid' }), name: Type.String() });

/** `/apps/{app_id}/custom_events/names`: the names of events. An extension of ours. */
export function eventNameRoutes(names: EventNames): Routes {
  return (http) => {
    http.get(
      url,
      {
        config,
        schema: {
          tags,
          summary: 'List the names of custom events',
          description: 'In their order, with how many came, what the newest said, and what uses them.',
          params: ofApp,
          querystring: Type.Object({
            prefix: Type.Optional(Type.String({ maxLength: 128, description: 'Of names that begin so.' })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: customEventNamePage },
        },
      },
      async ({ appId, query: { prefix = '', cursor, limit = ON_A_PAGE } }) => {
        const list = ['custom event names', appId, prefix];
        const [after] = cursor === undefined ? [''] : decodeCursor(list, cursor, ['text']);
        const found = await names.list(appId, { after, prefix }, limit + 1);
        const page = found.slice(0, limit);
        const last = found.length > limit ? page.at(-1) : undefined;
        return {
          names: page.map(present),
          ...(last !== undefined && { next_cursor: encodeCursor(list, [last.name]) }),
        };
      },
    );
    http.get(
      `${url}/:name`,
      {
        config,
        schema: {
          tags,
          summary: 'Show a name of custom events',
          params: ofName,
          response: { 200: customEventName },
        },
      },
      async ({ appId, params: { name } }) => present(await names.view(appId, name)),
    );
    http.patch(
      `${url}/:name`,
      {
        config,
        schema: {
          tags,
          summary: 'Set how long events of a name are kept',
          description: 'What is older goes with the daily upkeep. Journeys keep their own copies.',
          params: ofName,
          body: updateCustomEventNameBody,
          response: { 200: customEventName },
        },
      },
      async (request) => {
        const { appId, params, body } = request;
        return present(await names.keepFor(appId, params.name, body.retention_days, authorOf(request)));
      },
    );
  };
}

function present(one: UsedEventName): CustomEventName {
  return {
    name: one.name,
    total: one.total,
    first_seen: one.firstSeen?.toISOString() ?? null,
    last_seen: one.lastSeen?.toISOString() ?? null,
    sources: [...one.sources],
    last_properties: one.lastProperties,
    retention_days: one.retentionDays,
    used_by: { journeys: [...one.journeys], segments: [...one.segments] },
  };
}
