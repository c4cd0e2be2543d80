import { messagePause } from '@carillon/wire';
import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { isUuid } from '../../../platform/ids.ts';
import { pauseMessage, resumeMessage } from './pause-store.ts';
import type { Stopped } from './pause-store.ts';

export interface PauseRouteOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly wakeSenders: () => void;
}

const config = { access: 'app', rate: 'messages' } as const;
const params = Type.Object({ app_id: Type.String({ format: 'uuid' }), message_id: Type.String() });
const response = { 200: messagePause };

/** Extensions of ours: a message stops between two pages, and goes on where it stopped. Both may be said twice. */
export function pauseRoutes({ database, clock, wakeSenders }: PauseRouteOptions): Routes {
  return (http) => {
    http.post(
      '/apps/:app_id/messages/:message_id/pause',
      { config, schema: { summary: 'Pause a message', params, response } },
      async ({ appId, params: { message_id: id } }) => {
        const stop = () => pauseMessage(database, appId, id, clock.now());
        refuse(isUuid(id) ? await retryTransient(stop) : 'not-found');
        return { success: true, paused: true };
      },
    );

    http.post(
      '/apps/:app_id/messages/:message_id/resume',
      { config, schema: { summary: 'Resume a paused message', params, response } },
      async ({ appId, params: { message_id: id } }) => {
        refuse(isUuid(id) ? await retryTransient(() => resumeMessage(database, appId, id)) : 'not-found');
        wakeSenders();
        return { success: true, paused: false };
      },
    );
  };
}

function refuse(stopped: Stopped): void {
  switch (stopped) {
    case 'changed':
    case 'same':
      return;
    case 'over':
      throw new ApiError('message-not-pausable');
    case 'not-found':
      throw new ApiError('message-not-found');
  }
}
