import {
  activityParams,
  activityTypeParams,
  startLiveActivityAnswer,
  startLiveActivityBody,
  updateLiveActivityAnswer,
  updateLiveActivityBody,
} from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { sourceOf } from '../../identity/index.ts';
import type { CreatedMessage } from '../create/idempotency.ts';
import { segmentNamesIn } from '../create/parse-audience.ts';
import type { FindSegments } from '../create/parse-audience.ts';
import type { MessageCreator } from '../create/message-creator.ts';
import { subscriptionsOfActivity } from './activity-token-store.ts';
import { draftOfStart, draftOfUpdate } from './live-activity-draft.ts';

export interface LiveActivityRouteOptions {
  readonly database: Database;
  readonly creator: MessageCreator;
  readonly savedSegments: FindSegments;
}

const config = { access: 'app', envelope: 'basic', rate: 'messages' } as const;
/** As messages: 20,000 external ids of 100 characters. */
const START_BYTES = 4 * 1024 * 1024;
/** Devices on which one activity goes on, at most: their names are held together while a message is accepted. */
const MOST_DEVICES = 200_000;

/** Live activities: to start one on the devices of an audience, and to change or end it wherever it goes on. */
export function liveActivityRoutes({ database, creator, savedSegments }: LiveActivityRouteOptions): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/activities/activity/:activity_type',
      {
        config,
        bodyLimit: START_BYTES,
        schema: {
          summary: 'Start a live activity',
          params: activityTypeParams,
          body: startLiveActivityBody,
          response: { 201: startLiveActivityAnswer },
        },
      },
      async (request, reply) => {
        const { appId, params, body, principal } = request;
        const saved = await savedSegments(appId, segmentNamesIn(body));
        const asker = { appId, source: sourceOf(principal), saved };
        const created = await creator.create(draftOfStart(asker, params.activity_type, body));
        if (created.replayed) reply.header('Idempotent-Replayed', 'true');
        return reply.code(201).send({ notification_id: idOf(created) });
      },
    );
    http.post(
      '/apps/:app_id/live_activities/:activity_id/notifications',
      {
        config,
        schema: {
          summary: 'Change or end a live activity',
          params: activityParams,
          body: updateLiveActivityBody,
          response: { 201: updateLiveActivityAnswer },
        },
      },
      async (request, reply) => {
        const { appId, params, body, principal } = request;
        const id = params.activity_id;
        const devices = await subscriptionsOfActivity(database, appId, id, MOST_DEVICES + 1);
        if (devices.length === 0) throw new ApiError('live-activity-not-found');
        if (devices.length > MOST_DEVICES) {
          throw new ApiError('live-activity-too-many', { params: { most: String(MOST_DEVICES) } });
        }
        const asker = { appId, source: sourceOf(principal) };
        const created = await creator.create(draftOfUpdate(asker, id, body, devices));
        return reply.code(201).send({ id: idOf(created) });
      },
    );
  };
}

/** Throws ApiError when there is nobody to send to: these answers have no other way to say so. */
function idOf({ answer }: CreatedMessage): string {
  if (answer.id === '') throw new ApiError('live-activity-nobody');
  return answer.id;
}
