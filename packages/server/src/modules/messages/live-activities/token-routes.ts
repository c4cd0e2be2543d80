import { activityParams, activityTokenBody, activityTypeParams, startTokenBody } from '@carillon/wire';
import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { isUuid } from '../../../platform/ids.ts';
import type { Identity } from '../../identity/index.ts';
import { removeActivityToken, saveActivityToken } from './activity-token-store.ts';

export interface TokenRouteOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'locateSubscriptions'>;
}

/** Devices have no key: they know their subscription's id, which nobody can guess. */
const config = { access: 'public', rate: 'users' } as const;
const subscription = { subscription_id: Type.String() };
const nothing = { 204: Type.Null() };

/** What devices tell of live activities: where one of a type can be started, and where one that goes on takes news. */
export function activityTokenRoutes({ database, clock, identity }: TokenRouteOptions): Routes {
  const subscriptionOf = async (appId: string, id: string) => {
    if (!isUuid(id)) throw new ApiError('request-1');
    const [place] = await identity.locateSubscriptions(appId, [id.toLowerCase()]);
    if (place === undefined) throw new ApiError('subscription-0');
    return place.subscriptionId;
  };
  return (http) => {
    http.put(
      '/apps/:app_id/activities/tokens/start/:activity_type/subscriptions/:subscription_id',
      {
        config,
        schema: {
          summary: 'Tell how live activities of a type are started on a device',
          params: Type.Object({ ...activityTypeParams.properties, ...subscription }),
          body: startTokenBody,
          response: nothing,
        },
      },
      async ({ appId, params, body }, reply) => {
        const subscriptionId = await subscriptionOf(appId, params.subscription_id);
        const place = { appId, kind: 'start', activity: params.activity_type } as const;
        await saveActivityToken(database, place, { subscriptionId, token: body.activity_token }, clock.now());
        return reply.code(204).send(null);
      },
    );
    http.delete(
      '/apps/:app_id/activities/tokens/start/:activity_type/subscriptions/:subscription_id',
      {
        config,
        schema: {
          summary: 'Start no live activities of a type on a device any more',
          params: Type.Object({ ...activityTypeParams.properties, ...subscription }),
          response: nothing,
        },
      },
      async ({ appId, params }, reply) => {
        const subscriptionId = await subscriptionOf(appId, params.subscription_id);
        const place = { appId, kind: 'start', activity: params.activity_type } as const;
        await removeActivityToken(database, place, subscriptionId);
        return reply.code(204).send(null);
      },
    );
    http.post(
      '/apps/:app_id/live_activities/:activity_id/token',
      {
        config,
        schema: {
          summary: 'Tell where a live activity takes news on a device',
          params: activityParams,
          body: activityTokenBody,
          response: nothing,
        },
      },
      async ({ appId, params, body }, reply) => {
        const subscriptionId = await subscriptionOf(appId, body.subscription_id);
        const place = { appId, kind: 'update', activity: params.activity_id } as const;
        await saveActivityToken(database, place, { subscriptionId, token: body.push_token }, clock.now());
        return reply.code(204).send(null);
      },
    );
    http.delete(
      '/apps/:app_id/live_activities/:activity_id/token/:subscription_id',
      {
        config,
        schema: {
          summary: 'A live activity has left a device',
          params: Type.Object({ ...activityParams.properties, ...subscription }),
          response: nothing,
        },
      },
      async ({ appId, params }, reply) => {
        const subscriptionId = await subscriptionOf(appId, params.subscription_id);
        const place = { appId, kind: 'update', activity: params.activity_id } as const;
        await removeActivityToken(database, place, subscriptionId);
        return reply.code(204).send(null);
      },
    );
  };
}
