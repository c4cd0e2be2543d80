import { webhookAttemptPage } from '@carillon/wire';
import { Type } from 'typebox';
import type { Database } from '../../../platform/database/database.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { webhookParams } from '../definition/routes.ts';
import type { Webhooks } from '../definition/webhooks.ts';
import { attemptsBefore } from './attempt-store.ts';
import type { AttemptRow } from './attempt-store.ts';

const ON_A_PAGE = 50;
const MOST_ON_A_PAGE = 200;
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface WebhookAttemptRouteOptions {
  readonly database: Database;
  readonly webhooks: Webhooks;
}

/** The requests of a webhook, with what was answered. An extension of ours. */
export function webhookAttemptRoutes({ database, webhooks }: WebhookAttemptRouteOptions): Routes {
  return (http) => {
    http.get(
      '/apps/:app_id/webhooks/:webhook_id/attempts',
      {
        config: { access: 'app' },
        schema: {
          tags: ['Webhooks'],
          summary: 'List the requests of a webhook',
          description: 'The newest first. They are kept for CARILLON_WEBHOOK_ATTEMPT_DAYS.',
          params: webhookParams,
          querystring: Type.Object({
            outcome: Type.Optional(Type.Enum(['taken', 'failed', 'given_up'])),
            status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
            about: Type.Optional(
              Type.String({
                format: 'uuid',
                description: 'The id of a call, a user, a journey, a node or a run.',
              }),
            ),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ON_A_PAGE })),
            cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
          }),
          response: { 200: webhookAttemptPage },
        },
      },
      async ({ appId, params: { webhook_id: webhookId }, query }) => {
        const { outcome = null, status = null, about = null, cursor, limit = ON_A_PAGE } = query;
        const { id } = (await webhooks.view(appId, webhookId)).row;
        const list = ['webhook attempts', appId, id, outcome, status, about];
        const [before] = cursor === undefined ? [NEWEST] : decodeCursor(list, cursor, ['uuid']);
        const wanted = { outcome, status, about };
        const found = await attemptsBefore(database, { appId, id }, wanted, before, limit + 1);
        const attempts = found.slice(0, limit).map(present);
        const last = found.length > limit ? attempts.at(-1) : undefined;
        return { attempts, ...(last !== undefined && { next_cursor: encodeCursor(list, [last.id]) }) };
      },
    );
  };
}

function present({ at, callId, userId, ...attempt }: AttemptRow) {
  return { ...attempt, at: at.toISOString(), call_id: callId, onesignal_id: userId };
}
