import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { isUuid, laneOf, nameId } from '../../../platform/ids.ts';
import type { RecordDeliveryEvents } from '../../channels/index.ts';
import { findLaneOfDelivery } from './device-report-store.ts';

export interface DeviceReportOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly recordDeliveryEvents: RecordDeliveryEvents;
}

/** Devices have no key, and a person who taps is never turned away. */
const config = { access: 'public', envelope: 'basic', rate: 'unlimited' } as const;

const params = Type.Object({ message_id: Type.String() });
const from = {
  app_id: Type.String({ format: 'uuid' }),
  /** The subscription; a browser that has lost its memory does not know it any more. */
  player_id: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  device_type: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
};
const success = Type.Object({ success: Type.Boolean() });

/**
 * What devices tell of a push message: that it was shown, and that it was tapped. Each counts once for a
 * subscription, however often it is told. What cannot be anybody's is taken and forgotten, for no device could do
 * anything about it.
 */
export function deviceReportRoutes({ database, clock, recordDeliveryEvents }: DeviceReportOptions): Routes {
  const report = async (
    kind: 'clicked' | 'delivered',
    messageId: string,
    {
      app_id: appId,
      player_id: id,
    }: { readonly app_id: string; readonly player_id?: string | null | undefined },
  ) => {
    if (!isUuid(messageId)) throw new ApiError('message-not-found');
    if (id === undefined || id === null || !isUuid(id)) return { success: true };
    const subscriptionId = id.toLowerCase();
    const home = laneOf(subscriptionId);
    const lane = await findLaneOfDelivery(database, appId, messageId, subscriptionId, home);
    if (lane === null) throw new ApiError('message-not-found');
    const eventId = nameId('device report', messageId.toLowerCase(), subscriptionId, kind);
    await recordDeliveryEvents([
      { id: eventId, kind, at: clock.now(), messageId: messageId.toLowerCase(), subscriptionId, lane },
    ]);
    return { success: true };
  };
  return (http) => {
    http.put(
      '/notifications/:message_id',
      {
        config,
        schema: {
          summary: 'Tell that a push message was opened',
          params,
          body: Type.Object({ ...from, opened: Type.Boolean() }),
          response: { 200: success },
        },
      },
      async ({ params: { message_id: id }, body }) =>
        body.opened ? report('clicked', id, body) : { success: true },
    );
    http.put(
      '/notifications/:message_id/report_received',
      {
        config,
        schema: {
          summary: 'Tell that a push message was shown',
          params,
          body: Type.Object(from),
          response: { 200: success },
        },
      },
      async ({ params: { message_id: id }, body }) => report('delivered', id, body),
    );
  };
}
