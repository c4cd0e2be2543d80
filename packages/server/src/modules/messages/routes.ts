import {
  countMessageAnswer,
  countMessageBody,
  createMessageAnswer,
  createMessageBody,
  messageList,
  messageView,
  messageViewQuery,
} from '@carillon/wire';
import { Type } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Routes } from '../../platform/http/route.ts';
import { isUuid } from '../../platform/ids.ts';
import { sourceOf } from '../identity/index.ts';
import { countAudience } from './create/count-audience.ts';
import type { CountOptions } from './create/count-audience.ts';
import type { MessageCreator } from './create/message-creator.ts';
import { segmentNamesIn } from './create/parse-audience.ts';
import { parseMessage } from './create/parse-message.ts';
import { cancelMessage } from './message-store.ts';
import { wrong } from './wrong-field.ts';
import type { MessageViews } from './view/message-views.ts';

/** 20,000 external ids of 100 characters, and the message itself. */
const CREATE_BYTES = 4 * 1024 * 1024;
const MOST_ON_A_PAGE = 50;
/** `kind` of messages that the API made. */
const FROM_API = 1;

export interface MessageRouteOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly creator: MessageCreator;
  readonly views: MessageViews;
  /** What an audience is counted with. */
  readonly counting: CountOptions;
  readonly wakeSenders: () => void;
}

const config = { access: 'app', envelope: 'basic' } as const;
const ofApp = Type.Object({ app_id: Type.String() });
const oneMessage = Type.Object({ message_id: Type.String() });

/** Messages: create, count, view, list, cancel. */
export function messageRoutes({
  database,
  clock,
  creator,
  views,
  counting,
  wakeSenders,
}: MessageRouteOptions): Routes {
  return (http) => {
    http.post(
      '/notifications',
      {
        config: { ...config, rate: 'messages' },
        bodyLimit: CREATE_BYTES,
        schema: {
          summary: 'Create a message',
          body: createMessageBody,
          response: { 200: createMessageAnswer },
        },
      },
      async (request, reply) => {
        const { appId, body, principal } = request;
        const saved = await counting.savedSegments(appId, segmentNamesIn(body));
        const { answer, replayed } = await creator.create(
          parseMessage(appId, body, sourceOf(principal), saved),
        );
        if (replayed) reply.header('Idempotent-Replayed', 'true');
        return answer;
      },
    );

    http.post(
      '/notifications/count-unsaved',
      {
        config: { ...config, rate: 'views' },
        bodyLimit: CREATE_BYTES,
        schema: {
          summary: 'Count whom a message would reach',
          body: countMessageBody,
          response: { 200: countMessageAnswer },
        },
      },
      async (request) => countAudience(counting, request.appId, request.body),
    );

    http.get(
      '/notifications/:message_id',
      {
        config,
        schema: {
          summary: 'View a message',
          params: oneMessage,
          querystring: messageViewQuery,
          response: { 200: messageView },
        },
      },
      async (request) => views.one(request.appId, request.params.message_id, request.query),
    );

    http.get(
      '/notifications',
      {
        config,
        schema: {
          summary: 'View messages, newest first, or by the time at which they are due',
          querystring: Type.Object({
            app_id: Type.String(),
            limit: Type.Optional(Type.Integer({ minimum: 1 })),
            offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
            template_id: Type.Optional(Type.String({ format: 'uuid' })),
            /** Where a message comes from: 0 the dashboard, 1 the API, 3 an automation. */
            kind: Type.Optional(Type.Integer()),
            /** ISO 8601, or `next_time_offset` of an earlier answer. */
            time_offset: Type.Optional(Type.String()),
          }),
          response: { 200: messageList },
        },
      },
      async (request) => {
        const { offset = 0, template_id: templateId = null, kind = FROM_API, time_offset } = request.query;
        const limit = Math.min(request.query.limit ?? MOST_ON_A_PAGE, MOST_ON_A_PAGE);
        if (time_offset !== undefined && offset > 0) {
          throw wrong('offset', 'cannot be combined with time_offset: leave one of them away');
        }
        // Nothing else makes messages that are listed.
        if (kind !== FROM_API) return { total_count: 0, offset, limit, notifications: [] };
        if (time_offset !== undefined)
          return views.pageSince(request.appId, time_offset, { limit, templateId });
        return views.page(request.appId, { limit, offset, templateId });
      },
    );

    http.delete(
      '/notifications/:message_id',
      {
        config: { ...config, rate: 'messages' },
        schema: {
          summary: 'Cancel a message',
          params: oneMessage,
          querystring: ofApp,
          response: { 200: Type.Object({ success: Type.Boolean() }) },
        },
      },
      async (request) => {
        const id = request.params.message_id;
        const end = isUuid(id) ? await cancelMessage(database, request.appId, id, clock.now()) : 'not-found';
        if (end === 'not-found') throw new ApiError('message-not-found');
        if (end === 'done') throw new ApiError('message-not-cancellable');
        wakeSenders();
        return { success: true };
      },
    );
  };
}
